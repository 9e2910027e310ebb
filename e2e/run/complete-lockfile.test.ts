import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { missingEntries, type Lockfile } from "./complete-lockfile.ts";

describe("the lockfile", () => {
  it("names the packages of every platform; else `npm ci` refuses it (mend: npm run lock:complete)", () => {
    const lock = JSON.parse(
      readFileSync(path.resolve(import.meta.dirname, "../../package-lock.json"), "utf8"),
    ) as Lockfile;
    assert.deepEqual([...missingEntries(lock).keys()], []);
  });

  it("is completed by what an optional dependency says of itself", () => {
    const lock: Lockfile = {
      packages: {
        "": {},
        "node_modules/a": {
          version: "1.0.0",
          dev: true,
          optionalDependencies: { "@a/b-darwin-arm64": "1.2.3", "@a/b-linux-x64": "1.2.3", loose: "^1.0.0" },
        },
        "node_modules/@a/b-linux-x64": { version: "1.2.3" },
      },
    };
    assert.deepEqual(
      [...missingEntries(lock)],
      [
        [
          "node_modules/@a/b-darwin-arm64",
          { version: "1.2.3", cpu: ["arm64"], dev: true, optional: true, os: ["darwin"] },
        ],
      ],
    );
  });
});
