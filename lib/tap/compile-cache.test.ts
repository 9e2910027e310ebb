import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { npmScript } from "#lib/demo/stack/npm-script.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SAY = 'process.stdout.write(require("node:module").getCompileCacheDir() ?? "none")';

/** What the tap's own options lead to, with another program in the place of its main file. */
function cacheDir(env: NodeJS.ProcessEnv): string {
  const options = npmScript(ROOT, "tap").slice(0, -1);
  return execFileSync(process.execPath, [...options, "-e", SAY], { cwd: ROOT, encoding: "utf8", env });
}

describe("the tap's compile cache", () => {
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;

  it("lies beside the packages", () => {
    assert.equal(path.dirname(cacheDir(env)), path.join(ROOT, "node_modules/.cache/flowtap"));
  });

  it("lies where NODE_COMPILE_CACHE says", () => {
    const dir = mkdtempSync(path.join(tmpdir(), "compile-cache-"));
    try {
      assert.equal(path.dirname(cacheDir({ ...env, NODE_COMPILE_CACHE: dir })), dir);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
