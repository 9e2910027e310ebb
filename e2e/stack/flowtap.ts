/**
 * Flowtap's own processes, as a user would start them, against a broker and a database that a test or bench brought.
 */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { openLeash, type LeashedProcess } from "#lib/demo/stack/leash.ts";
import { npmScript } from "#lib/demo/stack/npm-script.ts";
import { freePort } from "#lib/demo/stack/ports.ts";
import { migrate } from "./postgres-template.ts";
import { temporaryFolder } from "./stack.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const READY_TIMEOUT_MS = 60_000;

export interface Flowtap {
  readonly databaseUrl: string;
  readonly configFile: string;
  startTap(): Promise<LeashedProcess & { readonly metricsUrl: string; readonly logFile: string }>;
  /** Builds the pages first, where they have changed before it was first started. */
  startWeb(): Promise<LeashedProcess & { readonly url: string }>;
  /** Stops everything and removes the files. */
  stop(): Promise<void>;
}

export interface FlowtapOptions {
  readonly databaseUrl: string;
  readonly brokers: readonly string[];
  /** merged over a configuration with one cluster named `test` that starts at `earliest` */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly cluster?: Readonly<Record<string, unknown>>;
  /** as in the demo: open without a token */
  readonly open?: boolean;
  readonly logLevel?: string;
  /** what the configuration refers to as ${NAME} */
  readonly env?: Readonly<Record<string, string>>;
}

/** Migrates the database, writes the configuration and starts nothing yet. */
export async function prepareFlowtap(options: FlowtapOptions): Promise<Flowtap> {
  await migrate(options.databaseUrl);
  const leash = openLeash();
  const folder = await temporaryFolder("flowtap");
  const configFile = path.join(folder.dir, "flowtap.yaml");
  await writeFile(
    configFile,
    stringify(
      {
        clusters: [{ name: "test", system: "kafka", brokers: options.brokers, start: "earliest", ...options.cluster }],
        ...options.config,
      },
      { aliasDuplicateObjects: false },
    ),
  );
  const env: Record<string, string> = {
    ...options.env,
    DATABASE_URL: options.databaseUrl,
    FLOWTAP_CONFIG: configFile,
    FLOWTAP_LOG_LEVEL: options.logLevel ?? "info",
    NODE_ENV: "production",
    ...(options.open === false ? {} : { FLOWTAP_DEMO: "1" }),
  };
  let started = 0;
  let built: Promise<unknown> | null = null;
  const logFileOf = (name: string, which: number) => path.join(folder.dir, `${name}-${which}.log`);
  const start = (script: "tap" | "start", more: Record<string, string>) =>
    leash.start({
      name: script,
      command: process.execPath,
      args: npmScript(ROOT, script),
      cwd: ROOT,
      env: { ...env, ...more },
      logFile: logFileOf(script, ++started),
      stopSignal: "SIGTERM",
    });

  return {
    databaseUrl: options.databaseUrl,
    configFile,
    startTap: async () => {
      const port = await freePort();
      const logFile = logFileOf("tap", started + 1);
      const tap = await start("tap", { FLOWTAP_TAP_METRICS_PORT: String(port) });
      const metricsUrl = `http://127.0.0.1:${port}`;
      await untilAnswers(`${metricsUrl}/health`, tap);
      return { ...tap, metricsUrl, logFile };
    },
    startWeb: async () => {
      // The configuration may name a path, for which the pages are built.
      await (built ??= promisify(execFile)(process.execPath, [path.join(ROOT, "lib/web/build.ts")], {
        env: { ...process.env, ...env },
      }));
      const port = await freePort();
      const web = await start("start", { FLOWTAP_WEB_PORT: String(port) });
      const url = `http://127.0.0.1:${port}`;
      await untilAnswers(`${url}/api/health/live`, web);
      return { ...web, url };
    },
    stop: async () => {
      await leash.close();
      await folder.remove();
    },
  };
}

async function untilAnswers(url: string, process: LeashedProcess): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    if (!process.isRunning()) throw new Error(`${process.name} ended before it answered at ${url}`);
    const answered = await fetch(url, { signal: AbortSignal.timeout(2000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    if (Date.now() > deadline)
      throw new Error(`${process.name} did not answer at ${url} within ${READY_TIMEOUT_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
