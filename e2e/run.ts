/**
 * `npm test`: every check the house has, one after another, and last the line `N passed, N failed`.
 * `npm test -- unit system` runs only the named suites.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { endStrays, runCommand } from "./run/command.ts";
import { SUITES } from "./run/suites.ts";

const root = path.resolve(import.meta.dirname, "..");
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !SUITES.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown.join(", ")}. There are: ${SUITES.map((suite) => suite.name).join(", ")}.`);
  process.exit(2);
}

// Everything the tests put down lies here and goes with the run. Readable by others: Postgres refuses to run as root and becomes another user.
const scratch = mkdtempSync(path.join(tmpdir(), "flowtap-test-"));
chmodSync(scratch, 0o755);
const marker = path.basename(scratch);
const stateDir = path.join(root, ".flowtap", "test", marker);
const env = { ...process.env, PATH: `${path.join(root, "node_modules", ".bin")}${path.delimiter}${process.env["PATH"] ?? ""}`, TMPDIR: scratch, FLOWTAP_TEST_RUN: marker, FLOWTAP_TEST_DIR: stateDir, NEXT_TELEMETRY_DISABLED: "1" };

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopping.abort());

let passed = 0;
let failed = 0;
for (const suite of SUITES) {
  if (wanted.length > 0 && !wanted.includes(suite.name)) continue;
  if (stopping.signal.aborted) break;
  process.stdout.write(`${suite.name.padEnd(14)}`);
  const startedAt = performance.now();
  const outcome = await suite.run({ root, scratch, run: (command, args, options) => runCommand(command, args, { cwd: root, env: { ...env, ...options?.env }, signal: stopping.signal }) });
  const strays = await endStrays(marker);
  const ranNothing = outcome.passed + outcome.failures.length === 0;
  passed += outcome.passed;
  failed += outcome.failures.length + (ranNothing ? 1 : 0);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${outcome.passed} passed, ${outcome.failures.length} failed (${seconds} s)${strays > 0 ? `, ended ${strays} processes left behind` : ""}`);
  if (ranNothing) console.log("  ran no test, which counts as a failure");
  for (const failure of outcome.failures) console.log(`  ✗ ${failure.name}\n${indent(failure.detail)}`);
}
if (stopping.signal.aborted) {
  failed += 1;
  console.log("Stopped before the end.");
}
await endStrays(marker);
for (const dir of [scratch, stateDir]) rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

function indent(text: string): string {
  return text.trimEnd().split("\n").slice(0, 200).map((line) => `      ${line}`).join("\n");
}
