/** Starts a RabbitMQ broker out of Debian's packages, on this machine's own address only. */
import fs from "node:fs/promises";
import path from "node:path";
import { tailOfLog } from "./bounded-log.ts";
import type { Leash, LeashedProcess } from "./leash.ts";
import type { LeashedCommand } from "./leash-protocol.ts";
import { freePort } from "./ports.ts";
import { RABBITMQ_DIR, canUnpackRabbit, hasRabbit, serverDir, unpackRabbit } from "./rabbitmq-debian.ts";
import { NotStarted, untilReady } from "./wait.ts";

const START_TIMEOUT_MS = 120_000;
const PLUGINS = ["rabbitmq_management"];

export interface RabbitOptions {
  readonly leash: Leash;
  readonly stateDir: string;
  readonly logFile: string;
  readonly note?: (text: string) => void;
  /** more lines of rabbitmq.conf */
  readonly settings?: readonly string[];
}

export interface RunningRabbit {
  /** `amqp://host:port` */
  readonly address: string;
  readonly managementUrl: string;
  readonly username: string;
  readonly password: string;
  stop(): Promise<void>;
  kill9(): Promise<void>;
  /** Starts it again on the same ports with the same data, even after a kill. */
  restart(): Promise<void>;
}

interface Ports {
  readonly amqp: number;
  readonly management: number;
  readonly distribution: number;
  readonly epmd: number;
}

/** null: RabbitMQ cannot be started on this machine. */
export async function startRabbit(options: RabbitOptions): Promise<RunningRabbit | null> {
  if (!(await hasRabbit())) {
    if (!(await canUnpackRabbit())) return null;
    options.note?.("RabbitMQ: Debian's packages are unpacked (42 MB, once)");
    try {
      await unpackRabbit();
    } catch (error) {
      // Such as a mirror that cannot be reached.
      options.note?.(`RabbitMQ: they could not be had: ${String(error)}`);
      return null;
    }
  }
  const ports: Ports = {
    amqp: await freePort(),
    management: await freePort(),
    distribution: await freePort(),
    epmd: await freePort(),
  };
  const managementUrl = `http://127.0.0.1:${ports.management}`;
  const login = { username: "guest", password: "guest" };
  const start = async (): Promise<LeashedProcess> => {
    const broker = await options.leash.start(await command(options, ports));
    try {
      await untilReady(broker, START_TIMEOUT_MS, () => expectAnswer(managementUrl, login));
    } catch (error) {
      await broker.stop();
      if (error instanceof NotStarted) throw new NotStarted(`${error.message}\n${tailOfLog(options.logFile)}`);
      throw error;
    }
    return broker;
  };
  let broker = await start();
  return {
    address: `amqp://127.0.0.1:${ports.amqp}`,
    managementUrl,
    ...login,
    stop: async () => void (await broker.stop()),
    kill9: async () => {
      broker.kill("SIGKILL");
      await broker.exited;
    },
    restart: async () => {
      await broker.stop();
      broker = await start();
    },
  };
}

async function expectAnswer(
  managementUrl: string,
  { username, password }: Pick<RunningRabbit, "username" | "password">,
): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const answer = await fetch(`${managementUrl}/api/overview`, { headers: { authorization } });
  if (!answer.ok) throw new Error(`the management API answers with status ${answer.status}`);
}

async function command({ stateDir, logFile, settings = [] }: RabbitOptions, ports: Ports): Promise<LeashedCommand> {
  const server = await serverDir();
  const erlang = path.join(RABBITMQ_DIR, "usr/lib/erlang");
  const inState = (name: string): string => path.join(stateDir, name);
  for (const folder of ["home", "log", "schema", "generated"]) await fs.mkdir(inState(folder), { recursive: true });
  await fs.writeFile(inState("enabled_plugins"), `[${PLUGINS.join(",")}].\n`);
  await fs.writeFile(
    inState("rabbitmq.conf"),
    [
      `listeners.tcp.default = 127.0.0.1:${ports.amqp}`,
      "management.tcp.ip = 127.0.0.1",
      `management.tcp.port = ${ports.management}`,
      "collect_statistics_interval = 1000",
      "disk_free_limit.absolute = 50MB",
      "vm_memory_high_watermark.absolute = 400MB",
      ...settings,
    ].join("\n"),
  );
  const epmd = (await fs.readdir(erlang)).find((name) => name.startsWith("erts-")) ?? "";
  return {
    name: "rabbitmq",
    command: path.join(server, "sbin/rabbitmq-server"),
    args: [],
    cwd: stateDir,
    env: {
      PATH: `${path.join(erlang, "bin")}:${process.env["PATH"] ?? ""}`,
      HOME: inState("home"),
      LC_ALL: "C.UTF-8",
      ERL_ROOTDIR: erlang,
      ERL_EPMD_PORT: `${ports.epmd}`,
      ERL_EPMD_ADDRESS: "127.0.0.1",
      RABBITMQ_NODENAME: `flowtap${ports.amqp}@localhost`,
      RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
      RABBITMQ_NODE_PORT: `${ports.amqp}`,
      RABBITMQ_DIST_PORT: `${ports.distribution}`,
      RABBITMQ_MNESIA_BASE: inState("mnesia"),
      RABBITMQ_LOG_BASE: inState("log"),
      RABBITMQ_SCHEMA_DIR: inState("schema"),
      RABBITMQ_GENERATED_CONFIG_DIR: inState("generated"),
      RABBITMQ_PID_FILE: inState("pid"),
      RABBITMQ_ENABLED_PLUGINS_FILE: inState("enabled_plugins"),
      RABBITMQ_CONFIG_FILE: inState("rabbitmq.conf"),
      RABBITMQ_CONF_ENV_FILE: "/dev/null",
      RABBITMQ_FEATURE_FLAGS_FILE: inState("feature_flags"),
      RABBITMQ_QUORUM_DIR: inState("mnesia/quorum"),
      RABBITMQ_STREAM_DIR: inState("mnesia/stream"),
      RABBITMQ_PLUGINS_EXPAND_DIR: inState("plugins"),
      // Its schedulers would spin where they have nothing to do.
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
        "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none",
    },
    logFile,
    stopSignal: "SIGTERM",
    // The port mapper outlives its nodes.
    afterExit: [path.join(erlang, epmd, "bin/epmd"), "-port", `${ports.epmd}`, "-kill"],
  };
}
