/** Starts the demo once for all journeys, from nothing, exactly as `npm run demo` does, and stops it after the last. */
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { temporaryFolder } from "#e2e/stack/stack.ts";
import { startHttpReceiver } from "#e2e/system/alert-receivers.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const READY_TIMEOUT_MS = 240_000;

export default async function startDemo(): Promise<() => Promise<void>> {
  const [folder, pager] = await Promise.all([temporaryFolder("demo"), startHttpReceiver()]);
  process.env["FLOWTAP_TEST_PAGER"] = pager.url;
  const demo = spawn(process.execPath, [path.join(ROOT, "lib/demo/main.ts")], {
    cwd: ROOT,
    env: { ...process.env, FLOWTAP_STATE_DIR: folder.dir, FLOWTAP_DEMO_PAGER: `${pager.url}/on-call` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  const ended = new Promise<void>((resolve) => demo.once("exit", () => resolve()));
  const ready = new Promise<string>((resolve, reject) => {
    const listen = (line: string) => {
      output.push(line);
      const url = /^READY (http:\S+)/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    };
    createInterface({ input: demo.stdout }).on("line", listen);
    createInterface({ input: demo.stderr }).on("line", listen);
    demo.once("exit", (code) =>
      reject(new Error(`the demo ended (${code ?? "by a signal"}) before it was ready:\n${output.join("\n")}`)),
    );
    setTimeout(
      () => reject(new Error(`the demo was not ready within ${READY_TIMEOUT_MS / 1000} s:\n${output.join("\n")}`)),
      READY_TIMEOUT_MS,
    ).unref();
  });
  const stop = async () => {
    demo.kill("SIGTERM");
    await ended;
    await Promise.all([folder.remove(), pager.close()]);
  };
  try {
    process.env["FLOWTAP_URL"] = await ready;
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
