/** Starts the example microservices, each in a process of its own. */
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { keepRunning, type KeptProcess } from "./stack/keep-running.ts";
import type { Leash } from "./stack/leash.ts";
import type { Part } from "./stack/supervisor.ts";
import { logFileOf, stateDirs } from "./state.ts";

const SERVICES = [
  "customer",
  "orders",
  "payments",
  "inventory",
  "shipping",
  "notifications",
  "analytics",
  "olf",
] as const;
/** Small heaps, because eleven processes run on one machine. */
const NODE_FLAGS = [
  "--disable-warning=TimeoutNegativeWarning",
  "--max-semi-space-size=2",
  "--max-old-space-size=192",
] as const;
const READY_TIMEOUT_MS = 60_000;

export interface ExampleOptions {
  readonly leash: Leash;
  readonly brokers: readonly string[];
  readonly takePort: (name: string) => Promise<number>;
  readonly say: (line: string) => void;
}

export interface ExampleSystem extends Part {
  readonly controlUrl: string;
  readonly urls: Readonly<Record<string, string>>;
  startTraffic(): Promise<void>;
}

export async function startExampleSystem(options: ExampleOptions): Promise<ExampleSystem> {
  const ports = new Map<string, number>();
  for (const name of ["control", ...SERVICES]) ports.set(name, await options.takePort(name));
  const urlOf = (name: string) => `http://127.0.0.1:${ports.get(name)}`;
  const running: KeptProcess[] = [];

  const run = async (name: string) => {
    const kept = await keepRunning(
      options.leash,
      {
        name,
        command: process.execPath,
        args: [...NODE_FLAGS, path.join(import.meta.dirname, "services", name, "main.ts")],
        env: {
          PORT: String(ports.get(name) ?? 0),
          KAFKA_BROKERS: options.brokers.join(","),
          STATE_DIR: stateDirs.services,
          CONTROL_URL: urlOf("control"),
          ORDERS_URL: urlOf("orders"),
          CUSTOMER_URL: urlOf("customer"),
        },
        logFile: logFileOf(name),
        stopSignal: "SIGTERM",
      },
      {
        ended: (reason) => options.say(`${name}: ended (${reason}), restarting`),
        // The crashed consumer stays down until its fault is turned off.
        ...(name === "analytics"
          ? { mayRestart: async () => !(await isFaultOn(urlOf("control"), "crashed-consumer")) }
          : {}),
      },
    );
    running.push(kept);
  };

  const stop = async () => {
    // First the traffic, then all services at once, and the fault switch last.
    const [control, ...others] = running.splice(0);
    const traffic = others.splice(SERVICES.length);
    await Promise.all(traffic.map((kept) => kept.stop()));
    await Promise.all(others.map((kept) => kept.stop()));
    await control?.stop();
  };
  try {
    await run("control");
    await untilHealthy(urlOf("control"));
    for (const name of SERVICES) await run(name);
    for (const name of SERVICES) await untilHealthy(urlOf(name));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    controlUrl: urlOf("control"),
    urls: Object.fromEntries(SERVICES.map((name) => [name, urlOf(name)])),
    startTraffic: () => run("traffic"),
    stop,
  };
}

async function untilHealthy(url: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < READY_TIMEOUT_MS; waitedMs += 200) {
    const healthy = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) return;
    await sleep(200);
  }
  const timeout = `${READY_TIMEOUT_MS / 1_000} s`;
  throw new Error(`No example service answered at ${url}/health within ${timeout}. Its log is in ${stateDirs.logs}.`);
}

async function isFaultOn(controlUrl: string, name: string): Promise<boolean> {
  try {
    const response = await fetch(`${controlUrl}/faults`, { signal: AbortSignal.timeout(2_000) });
    const { faults } = (await response.json()) as { faults: { name: string; on: boolean }[] };
    return faults.some((fault) => fault.name === name && fault.on);
  } catch {
    // The fault switch is down itself: no fault keeps the service down.
    return false;
  }
}
