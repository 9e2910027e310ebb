import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { paramsOf, patternsOf } from "./route-pattern.ts";
import { ROUTE_KEYS, routeOf } from "./route-table.ts";

const APP = path.resolve(import.meta.dirname, "../../app");

describe("the route table", () => {
  it("has an entry for every route file, and a file for every entry", () => {
    const served = globSync("**/route.ts", { cwd: APP }).flatMap((file) => {
      const address = `/${path
        .dirname(file)
        .replaceAll(path.sep, "/")
        .replace(/\[(\w+)\]/g, "{$1}")}`;
      return [
        ...readFileSync(path.join(APP, file), "utf8").matchAll(/^export const (\w+) = serve\("([^"]+)"\);$/gm),
      ].map(([, method, key]) => {
        assert.equal(key, `${method} ${address}`, file);
        return key;
      });
    });
    assert.deepEqual(served.sort(), [...ROUTE_KEYS].sort());
  });
  it("asks for the operator on every write but signing in and out", () => {
    const open = ROUTE_KEYS.filter((key) => !key.startsWith("GET ") && routeOf(key).role !== "operator");
    assert.deepEqual(open, ["POST /api/session", "DELETE /api/session"]);
  });
  it("is open to strangers only where it must be", () => {
    assert.deepEqual(
      ROUTE_KEYS.filter((key) => key.startsWith("GET ") && routeOf(key).role === "public"),
      ["GET /api/session", "GET /api/health/live", "GET /api/health/ready", "GET /api/openapi.json"],
    );
  });
});

describe("patterns", () => {
  it("keep a name that holds slashes in one piece", () =>
    assert.deepEqual(paramsOf("GET /api/groups/{cluster}/{group}", "/api/groups/c/a%2Fb%20c"), {
      cluster: "c",
      group: "a/b c",
    }));
  it("do not match a path of another length", () =>
    assert.equal(paramsOf("GET /api/groups/{cluster}/{group}", "/api/groups/c"), null));
  it("tell which methods a path takes", () =>
    assert.deepEqual(
      [patternsOf(["GET /a/{b}", "POST /a/{b}", "GET /a"], "/a/x"), patternsOf(["GET /a"], "/b")],
      [["GET /a/{b}", "POST /a/{b}"], []],
    ));
});
