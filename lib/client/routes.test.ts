import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { api, pages } from "./routes.ts";

const CASES: readonly { why: string; built: string; expected: string }[] = [
  {
    why: "names of a broker stay within their path segment",
    built: pages.group("c", "a/../b?x#y"),
    expected: "/groups/c/~YS8uLi9iP3gjeQ",
  },
  {
    why: "empty values are left out",
    built: api.flow({ cluster: undefined, service: "", at: null, hops: 2 }),
    expected: "/api/flow?hops=2",
  },
  { why: "values are encoded", built: api.search({ q: "a b&c" }), expected: "/api/search?q=a+b%26c" },
  {
    why: "an offset keeps all its digits",
    built: api.message("c", "t", 3, 9_223_372_036_854_775_807n),
    expected: "/api/messages/c/t/3/9223372036854775807",
  },
];

describe("routes", () => {
  for (const { why, built, expected } of CASES) it(why, () => assert.equal(built, expected));
});
