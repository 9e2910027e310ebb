/** Starts Flowtap's own processes: the same entry points as in real use, configured by environment variables. */
import fs from "node:fs/promises";
import path from "node:path";
import { tailOfLog } from "./stack/bounded-log.ts";
import { npmScript } from "./stack/npm-script.ts";
import { keepRunning, type KeptProcess } from "./stack/keep-running.ts";
import type { Leash } from "./stack/leash.ts";
import { ROOT, STATE_DIR, logFileOf } from "./state.ts";

const READY_TIMEOUT_MS = 60_000;

export interface FlowtapSettings {
  readonly leash: Leash;
  readonly databaseUrl: string;
  readonly brokers: readonly string[];
  readonly webPort: number;
  readonly metricsPort: number;
  readonly controlUrl: string;
  readonly say: (line: string) => void;
}

/** Runs one of our scripts to its end; if it fails, throws with the last lines of its log. */
export async function runToEnd(
  leash: Leash,
  name: string,
  entry: string,
  env: Record<string, string> = {},
): Promise<void> {
  const logFile = logFileOf(name);
  const started = await leash.start({
    name,
    command: process.execPath,
    args: [path.join(ROOT, entry)],
    cwd: ROOT,
    env,
    logFile,
    stopSignal: "SIGTERM",
  });
  const exit = await started.exited;
  if (exit.code !== 0)
    throw new Error(
      `${entry} failed (${exit.signal ?? `code ${exit.code}`}); the end of ${logFile}:\n${tailOfLog(logFile)}`,
    );
}

/** `pagerUrl` is a webhook that receives the alerts of the demo. Returns the path of the configuration file. */
export async function writeFlowtapConfig(brokers: readonly string[], pagerUrl: string): Promise<string> {
  const file = path.join(STATE_DIR, "flowtap.yaml");
  const text = [
    "# Written by `npm run demo` at every start.",
    "clusters:",
    "  - name: demo",
    "    system: kafka",
    `    brokers: ${JSON.stringify(brokers)}`,
    '    topics: { include: ["*"], exclude: ["__*"] }',
    "    start: earliest",
    "observe:",
    "  # These two publish nothing, so no event names them as a service.",
    "  groupServices: [{ group: olf, service: olf }, { group: analytics, service: analytics }]",
    "# Shorter times than in real use, so that the alerts of the demo come soon.",
    "alerts:",
    "  groupWaitSeconds: 5",
    `  channels: [{ name: on-call, kind: webhook, url: ${JSON.stringify(pagerUrl)} }]`,
    "  rules:",
    "    - name: Stuck consumer",
    "      severity: critical",
    "      when: { cause: [poison_event, no_members, hung_member, rebalance_loop] }",
    "      for: 10s",
    "      channels: [on-call]",
    "    - name: Falls behind",
    "      severity: warning",
    "      when: { cause: [too_slow, hot_partition] }",
    "      for: 30s",
    "      channels: [on-call]",
    "    - name: Dead letters",
    "      severity: warning",
    "      when: { deadLettersPerMinuteAbove: 10 }",
    "      for: 10s",
    "      channels: [on-call]",
    "",
  ].join("\n");
  await fs.writeFile(file, text);
  return file;
}

export async function startTap(settings: FlowtapSettings): Promise<KeptProcess> {
  return startPart(settings, "tap", npmScript(ROOT, "tap"), `http://127.0.0.1:${settings.metricsPort}/health`);
}

export async function startWeb(settings: FlowtapSettings): Promise<KeptProcess> {
  return startPart(settings, "web", npmScript(ROOT, "start"), `http://127.0.0.1:${settings.webPort}/api/health/live`);
}

async function startPart(
  settings: FlowtapSettings,
  name: string,
  args: readonly string[],
  healthUrl: string,
): Promise<KeptProcess> {
  const logFile = logFileOf(name);
  let exits = 0;
  const kept = await keepRunning(
    settings.leash,
    {
      name,
      command: process.execPath,
      args,
      cwd: ROOT,
      env: {
        NODE_ENV: "production",
        DATABASE_URL: settings.databaseUrl,
        FLOWTAP_CONFIG: path.join(STATE_DIR, "flowtap.yaml"),
        FLOWTAP_WEB_PORT: String(settings.webPort),
        FLOWTAP_TAP_METRICS_PORT: String(settings.metricsPort),
        FLOWTAP_DEMO: "1",
        FLOWTAP_DEMO_CONTROL_URL: settings.controlUrl,
      },
      logFile,
      stopSignal: "SIGTERM",
    },
    {
      ended: (reason) => {
        exits += 1;
        settings.say(`${name}: ended (${reason}), restarting; log: ${logFile}`);
      },
    },
  );
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const healthy = await fetch(healthUrl, { signal: AbortSignal.timeout(2_000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) return kept;
    // It may end once because another process took its port; a second time is an error.
    if (exits > 1 || Date.now() > deadline) {
      await kept.stop();
      throw new Error(`${name} did not become healthy; the end of ${logFile}:\n${tailOfLog(logFile)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
