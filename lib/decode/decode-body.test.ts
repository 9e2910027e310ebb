import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { decodeBody } from "./decode-body.ts";
import { isBrokenJson } from "./json.ts";
import { maxJsonBytes, maxTextChars } from "./decoder.ts";
import { prettyJson } from "./pretty-json.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const reasons = (raw: Uint8Array): Record<string, string> =>
  Object.fromEntries(decodeBody(raw).refusals.map(({ decoder, reason }) => [decoder, reason]));

describe("decodeBody", () => {
  it("a tombstone has no body", () =>
    assert.deepEqual(decodeBody(null), { encoding: "none", value: null, text: "", refusals: [], truncated: false }));
  it("JSON is indented", () => {
    const body = decodeBody(bytes('{"a":[1,{}],"b":"x, {y}: \\"z\\"","c":[]}'));
    assert.equal(body.encoding, "json");
    assert.deepEqual(body.value, { a: [1, {}], b: 'x, {y}: "z"', c: [] });
    assert.equal(body.text, '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": "x, {y}: \\"z\\"",\n  "c": []\n}');
  });
  it("keeps every digit of numbers", () => {
    const body = decodeBody(bytes('{"id":9007199254740993,"price":1.10}'));
    assert.deepEqual(body.value, { id: "9007199254740993", price: 1.1 });
    assert.ok(body.text.includes("9007199254740993") && body.text.includes("1.10"));
  });
  it("recognises a CloudEvents envelope", () =>
    assert.equal(
      decodeBody(bytes('{"specversion":"1.0","id":"1","source":"/a","type":"t","data":{}}')).encoding,
      "cloudevents",
    ));
  it("JSON with only a specversion is JSON, with a refusal of the CloudEvents decoder", () => {
    const body = decodeBody(bytes('{"specversion":"1.0","id":"1"}'));
    assert.deepEqual(
      [body.encoding, body.refusals],
      [
        "json",
        [
          {
            decoder: "cloudevents",
            code: "other_format",
            reason: "no CloudEvents envelope: source, type missing",
          },
        ],
      ],
    );
  });
  for (const [what, before, encoding] of [
    ["a byte-order mark", [0xef, 0xbb, 0xbf], "json"],
    ["a byte-order mark and white space", [0xef, 0xbb, 0xbf, 0x0d, 0x0a], "json"],
    ["Confluent's schema id and a byte-order mark", [0, 0, 0, 0, 12, 0xef, 0xbb, 0xbf], "confluent"],
  ] as const)
    it(`reads JSON after ${what}`, () => {
      const body = decodeBody(new Uint8Array([...before, ...bytes('{"a":1}')]));
      assert.deepEqual([body.encoding, body.value, body.text], [encoding, { a: 1 }, '{\n  "a": 1\n}']);
    });
  it("recognises a CloudEvents envelope after a byte-order mark", () =>
    assert.equal(
      decodeBody(bytes('\ufeff{"specversion":"1.0","id":"1","source":"/a","type":"t","data":{}}')).encoding,
      "cloudevents",
    ));
  it("reads JSON after Confluent's schema id", () => {
    const body = decodeBody(new Uint8Array([0, 0, 0, 0, 12, ...bytes('{"a":1}')]));
    assert.deepEqual([body.encoding, body.value], ["confluent", { a: 1 }]);
  });
  it("shows Confluent's Avro as bytes, with the schema id in the refusal", () => {
    const raw = new Uint8Array([0, 0, 0, 0, 12, 2, 0xff]);
    const body = decodeBody(raw);
    assert.equal(body.encoding, "binary");
    assert.equal(reasons(raw).confluent, "Confluent schema id 12, no registry configured");
    assert.equal(body.refusals.find(({ decoder }) => decoder === "confluent")?.code, "schema_missing");
    assert.equal(body.value, "0x000000000c02ff");
  });
  it("text is text", () =>
    assert.deepEqual([decodeBody(bytes("hällo\n")).encoding, decodeBody(bytes("hällo\n")).text], ["text", "hällo\n"]));
  it("an empty body is empty text", () =>
    assert.deepEqual([decodeBody(new Uint8Array()).encoding, decodeBody(new Uint8Array()).text], ["text", ""]));
  it("a single number or word is text", () => assert.equal(decodeBody(bytes("42")).encoding, "text"));
  it("shows bytes like hexdump", () =>
    assert.equal(decodeBody(new Uint8Array([0x41, 0x00, 0xff])).text, `00000000  41 00 ff${" ".repeat(39)}  |A..|`));

  const refused: readonly [why: string, raw: Uint8Array, decoder: string, reason: RegExp][] = [
    ["broken JSON", bytes('{"a":'), "json", /^not JSON: /],
    ["JSON that is not UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), "json", /^not UTF-8$/],
    ["JSON nested too deep", bytes("[".repeat(101) + "]".repeat(101)), "json", /^nested deeper than 100$/],
    ["JSON of more than a megabyte", bytes(`["${"x".repeat(maxJsonBytes)}"]`), "json", /^larger than 1048576 bytes$/],
    ["text with control characters", new Uint8Array([0x41, 0x07]), "text", /^holds control characters$/],
    ["bytes that are no text", new Uint8Array([0xc3, 0x28]), "text", /^not UTF-8$/],
  ];
  for (const [why, raw, decoder, reason] of refused)
    it(`gives the reason to refuse ${why}`, () => assert.match(reasons(raw)[decoder] ?? "", reason));

  it("cuts a text that is too long, and marks it as truncated", () => {
    for (const raw of [
      bytes("x".repeat(maxTextChars + 1)),
      bytes(`["${"x".repeat(maxTextChars)}"]`),
      new Uint8Array(5000),
      bytes(`[${"[],".repeat(200_000)}[]]`),
    ]) {
      const body = decodeBody(raw);
      assert.ok(body.truncated && body.text.length <= maxTextChars);
    }
  });
  it("tries only the decoders of the chain", () => assert.deepEqual(decodeBody(bytes("{}"), []).encoding, "binary"));
});

describe("decodeBody, for any bytes", () => {
  it("never throws, and its value can be serialized as JSON", () => {
    const prefixed = fc.uint8Array({ maxLength: 40 }).map((tail) => new Uint8Array([0, 0, 0, 0, 1, ...tail]));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.string().map(bytes),
          prefixed,
          fc.string({ unit: fc.constantFrom(...'{}[]",:\\ 1e'), maxLength: 30 }).map(bytes),
        ),
        (raw) => {
          const body = decodeBody(raw);
          assert.deepEqual(JSON.parse(JSON.stringify(body.value)), body.value);
          assert.ok(body.text.length <= maxTextChars);
        },
      ),
      { numRuns: 1000 },
    );
  });
  it("indents like JSON.stringify", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.equal(prettyJson(JSON.stringify(value), Infinity).text, JSON.stringify(value, null, 2));
        assert.equal(prettyJson(JSON.stringify(value, null, 7), Infinity).text, JSON.stringify(value, null, 2));
      }),
    );
  });
});

describe("isBrokenJson", () => {
  for (const [text, expected] of [
    ['{"a":1}', false],
    ['\ufeff{"a":1}', false],
    [" [1", true],
    ['\ufeff{"a":', true],
    ["plain", false],
    ["", false],
  ] as const)
    it(`${JSON.stringify(text)} → ${expected}`, () => assert.equal(isBrokenJson(bytes(text)), expected));
});
