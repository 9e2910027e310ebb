/**
 * `npm test`: every check the house has, its ten slowest files, and last the line `N passed, N failed`.
 * `npm test -- unit system` runs only the named suites; `npm test -- changed` only what the change at hand can touch.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chooseChanged } from "./run/choose-changed.ts";
import { endStrays, runCommand } from "./run/command.ts";
import type { FileLine } from "./run/reporter.ts";
import type { Suite, SuiteContext, SuiteOutcome } from "./run/suite.ts";
import { SEED } from "./stack/seed.ts";
import { STAGES } from "./run/suites.ts";

const SLOWEST_SHOWN = 10;

const root = path.resolve(import.meta.dirname, "..");
const args = process.argv.slice(2);
const isChangedOnly = args.includes("changed");
const wanted = args.filter((arg) => arg !== "changed");
const names = STAGES.flat().map((suite) => suite.name);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown.join(", ")}. There are: ${names.join(", ")}; and: changed.`);
  process.exit(2);
}
const only: SuiteContext["only"] = isChangedOnly ? chooseChanged() : null;

// Everything the tests put down lies here and goes with the run. Readable by others: Postgres refuses to run as root
// and becomes another user.
const scratch = mkdtempSync(path.join(tmpdir(), "flowtap-test-"));
chmodSync(scratch, 0o755);
const marker = path.basename(scratch);
const stateDir = path.join(root, ".flowtap", "test", marker);
// Each test and each process of Flowtap's that a test starts loads the same modules again: compiled once,
// kept for the run.
const env = {
  ...process.env,
  NODE_COMPILE_CACHE: path.join(scratch, "compile-cache"),
  PATH: `${path.join(root, "node_modules", ".bin")}${path.delimiter}${process.env["PATH"] ?? ""}`,
  TMPDIR: scratch,
  FLOWTAP_TEST_RUN: marker,
  FLOWTAP_TEST_DIR: stateDir,
  FLOWTAP_TEST_SEED: `${SEED}`,
  NEXT_TELEMETRY_DISABLED: "1",
};

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopping.abort());

console.log(`Seed of the random tests: ${SEED} (FLOWTAP_TEST_SEED=${SEED} repeats it)`);
let passed = 0;
let failed = 0;
const files: FileLine[] = [];
for (const stage of STAGES) {
  const suites = stage.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  if (suites.length === 0) continue;
  if (stopping.signal.aborted) break;
  for (const { suite, outcome, seconds } of await Promise.all(suites.map(timed))) report(suite, outcome, seconds);
  const strays = await endStrays(marker);
  if (strays > 0) console.log(`  ended ${strays} processes left behind`);
}
if (stopping.signal.aborted) {
  failed += 1;
  console.log("Stopped before the end.");
}
await endStrays(marker);
for (const dir of [scratch, stateDir]) rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
listSlowest();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

async function timed(suite: Suite): Promise<{ suite: string; outcome: SuiteOutcome | null; seconds: number }> {
  const startedAt = performance.now();
  const outcome = await suite.run({
    root,
    scratch,
    only,
    run: (command, args, options) =>
      runCommand(command, args, { cwd: root, env: { ...env, ...options?.env }, signal: stopping.signal }),
  });
  return { suite: suite.name, outcome, seconds: (performance.now() - startedAt) / 1000 };
}

function report(suite: string, outcome: SuiteOutcome | null, seconds: number): void {
  if (outcome === null) {
    console.log(`${suite.padEnd(14)}nothing of it is touched`);
    return;
  }
  const ranNothing = outcome.passed + outcome.failures.length === 0;
  passed += outcome.passed;
  failed += outcome.failures.length + (ranNothing ? 1 : 0);
  files.push(...outcome.files);
  console.log(
    `${suite.padEnd(14)}${outcome.passed} passed, ${outcome.failures.length} failed (${seconds.toFixed(1)} s)`,
  );
  if (ranNothing) console.log("  ran no test, which counts as a failure");
  for (const name of outcome.leftOut ?? []) console.log(`  left out: ${name}`);
  for (const failure of outcome.failures) console.log(`  ✗ ${failure.name}\n${indent(failure.detail)}`);
}

function listSlowest(): void {
  const slowest = files.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST_SHOWN);
  if (slowest.length === 0) return;
  console.log("The slowest files:");
  for (const { file, seconds } of slowest) console.log(`  ${seconds.toFixed(1).padStart(6)} s  ${file}`);
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .slice(0, 200)
    .map((line) => `      ${line}`)
    .join("\n");
}
