import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mergePatch } from "./merge-patch.ts";
import type { Json } from "./json-value.ts";

const parse = (text: string) => JSON.parse(text) as Json;

describe("mergePatch: the test cases of RFC 7396, appendix A", () => {
  const CASES: readonly [string, string, string][] = [
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', "{}"],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'],
    ['{"a":"foo"}', "null", "null"],
    ['{"a":"foo"}', '"bar"', '"bar"'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ["[1,2]", '{"a":"b","c":null}', '{"a":"b"}'],
    ["{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ];
  for (const [target, patch, result] of CASES)
    it(`${target} + ${patch}`, () => assert.deepEqual(mergePatch(parse(target), parse(patch)), parse(result)));

  it("treats __proto__ and constructor like any other name", () => {
    const merged = mergePatch(
      parse('{"__proto__":{"a":1}}'),
      parse('{"__proto__":{"polluted":true},"constructor":{"x":1}}'),
    );
    assert.equal(JSON.stringify(merged), '{"__proto__":{"a":1,"polluted":true},"constructor":{"x":1}}');
    assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  });
});
