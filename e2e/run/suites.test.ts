import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { runCommand } from "./command.ts";
import { readTestLines } from "./suites.ts";

const dir = mkdtempSync(path.join(tmpdir(), "flowtap-reporter-"));
after(() => rmSync(dir, { recursive: true }));

/** Each row: what a test file holds, and how `npm test` must count it. */
const CASES = [
  {
    why: "counts leaves, not suites",
    body: "describe('a', () => { describe('b', () => { it('c', () => {}); it('d', () => {}) }) })",
    passed: 2,
    failed: [],
  },
  {
    why: "names a failure by its whole path, once",
    body: "describe('a', () => { it('b', () => { throw new Error('broken') }) })",
    passed: 0,
    failed: ["a › b"],
  },
  {
    why: "counts subtests, not their parent",
    body: "test('a', async (t) => { await t.test('b', () => {}); await t.test('c', () => {}) })",
    passed: 2,
    failed: [],
  },
  {
    why: "leaves skipped tests out of both counts",
    body: "it('a', { skip: true }, () => {}); it('b', () => {})",
    passed: 1,
    failed: [],
  },
  {
    why: "counts a broken hook beside the tests that passed",
    body: "describe('a', () => { after(() => { throw new Error('hook') }); it('b', () => {}) })",
    passed: 1,
    failed: ["a"],
  },
  { why: "counts a file that does not load", body: "import './missing.ts';", passed: 0, failed: ["case.test.mjs"] },
] as const;

describe("readTestLines", () => {
  for (const { why, body, passed, failed } of CASES) {
    it(why, async () => {
      const file = path.join(dir, "case.test.mjs");
      writeFileSync(file, `import { after, describe, it, test } from "node:test";\n${body}\n`);
      const env: NodeJS.ProcessEnv = { ...process.env };
      delete env["NODE_TEST_CONTEXT"]; // else the inner runner reports to the outer one
      const result = await runCommand(process.execPath, [path.join(import.meta.dirname, "in-order.ts"), "1", file], {
        cwd: dir,
        env,
        signal: new AbortController().signal,
      });
      const outcome = readTestLines(result);
      assert.deepEqual(
        { passed: outcome.passed, failed: outcome.failures.map((failure) => path.basename(failure.name)) },
        { passed, failed: [...failed] },
      );
    });
  }

  it("names what was left out, and why", async () => {
    const file = path.join(dir, "case.test.mjs");
    writeFileSync(
      file,
      `import { describe, it } from "node:test";
      describe("a", { skip: "no broker here" }, () => it("b", () => {}));
      it("c", { skip: true }, () => {});`,
    );
    const env: NodeJS.ProcessEnv = { ...process.env };
    delete env["NODE_TEST_CONTEXT"];
    const result = await runCommand(process.execPath, [path.join(import.meta.dirname, "in-order.ts"), "1", file], {
      cwd: dir,
      env,
      signal: new AbortController().signal,
    });
    const { passed, leftOut } = readTestLines(result);
    assert.deepEqual([passed, leftOut], [0, ["a (no broker here)", "c"]]);
  });

  it("counts an exit code that no test explains", () => {
    assert.equal(readTestLines({ code: null, stdout: "", output: "killed" }).failures.length, 1);
  });
});
