/** An embedded Postgres from npm, in a process of its own on loopback, with its data in a folder of ours. */
import { randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import { tailOfLog } from "./bounded-log.ts";
import type { LeashedProcess } from "./leash.ts";
import type { LeashedCommand } from "./leash-protocol.ts";
import { freePort } from "./ports.ts";
import { preparePostgres, type PostgresHome } from "./postgres-home.ts";
import { writeIdentity } from "./postgres-identity.ts";
import { endLeftoverServer, onceChildrenEnded } from "./postgres-leftover.ts";
import type { PostgresOptions } from "./postgres-options.ts";
import { NotStarted, untilReady } from "./wait.ts";

const DATABASE = "flowtap";
const START_TIMEOUT_MS = 60_000;
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "100",
  shared_buffers: "256MB",
  max_wal_size: "4GB",
  synchronous_commit: "on",
  timezone: "UTC",
  log_timezone: "UTC",
  log_min_messages: "warning",
};

export interface RunningPostgres {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
  kill9(): Promise<void>;
  /** Starts it again on the same port with the same data, even after a kill. */
  restart(): Promise<void>;
}

export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const password = await keptPassword(options.stateDir);
  const home = await preparePostgres({ ...options, password });
  let port = await freePort(options.preferredPort);
  let server: LeashedProcess;
  try {
    server = await startServer(options, home, port, password);
  } catch (error) {
    // Another process may have taken the port after it was found free.
    if (!(error instanceof NotStarted)) throw error;
    port = await freePort();
    server = await startServer(options, home, port, password);
  }
  await ensureDatabase(urlOf(port, password, "postgres"));
  return {
    url: urlOf(port, password, DATABASE),
    port,
    async stop() {
      await server.stop();
    },
    async kill9() {
      server.kill("SIGKILL");
      await server.exited;
    },
    async restart() {
      await server.stop();
      server = await startServer(options, home, port, password);
    },
  };
}

async function startServer(
  options: PostgresOptions,
  home: PostgresHome,
  port: number,
  password: string,
): Promise<LeashedProcess> {
  await endLeftoverServer(home.dataDir);
  const settings = {
    ...SETTINGS,
    ...(options.identity && { ssl: "on", ...(await writeIdentity(home, options.identity)) }),
  };
  const command: LeashedCommand = {
    name: "postgres",
    command: home.postgres,
    args: [
      "-D",
      home.dataDir,
      "-p",
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    ...(home.user === null ? {} : home.user),
    cwd: home.dataDir,
    logFile: options.logFile,
    // On SIGTERM Postgres would wait until every client disconnects.
    stopSignal: "SIGINT",
  };
  return onceChildrenEnded(() => startUntilReady(options, command, urlOf(port, password, "postgres")));
}

async function startUntilReady(
  options: PostgresOptions,
  command: LeashedCommand,
  adminUrl: string,
): Promise<LeashedProcess> {
  const server = await options.leash.start(command);
  try {
    await untilReady(server, START_TIMEOUT_MS, () =>
      withClient(adminUrl, async (client) => void (await client.query("SELECT 1"))),
    );
  } catch (error) {
    await server.stop();
    if (error instanceof NotStarted) throw new NotStarted(`${error.message}\n${tailOfLog(options.logFile)}`);
    throw error;
  }
  return server;
}

async function keptPassword(stateDir: string): Promise<string> {
  const file = path.join(stateDir, "password");
  await fs.mkdir(stateDir, { recursive: true });
  const kept = await fs.readFile(file, "utf8").catch(() => "");
  if (kept !== "") return kept;
  const password = randomBytes(18).toString("base64url");
  await fs.writeFile(file, password, { mode: 0o600 });
  return password;
}

const urlOf = (port: number, password: string, database: string) =>
  `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;

async function ensureDatabase(adminUrl: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  });
}

async function withClient(url: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  // Ignore errors of a connection whose query has been answered.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
