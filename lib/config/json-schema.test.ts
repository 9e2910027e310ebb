import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { compileJsonSchema, readJsonSchema } from "./json-schema.ts";

const OBJECT = {
  type: "object",
  properties: { price: { type: "number" }, currency: { enum: ["EUR", "USD"] }, at: { format: "date-time" } },
  required: ["price"],
};

describe("a JSON Schema", () => {
  for (const [why, schema, value, fault] of [
    ["matches", OBJECT, { price: 1, at: "2026-11-21T14:02:00Z" }, null],
    [
      "is whole in itself",
      {
        $id: "https://acme.example/order",
        $ref: "#/$defs/order",
        $defs: { order: { required: ["id"], properties: { next: { $ref: "#" } } } },
      },
      { id: 1, next: { id: 2, next: {} } },
      /^\/next\/next must have required property 'id'$/,
    ],
    ["a type", OBJECT, { price: "1" }, /^\/price must be number$/],
    ["what is missing", OBJECT, {}, /^it must have required property 'price'$/],
    [
      "a choice",
      OBJECT,
      { price: 1, currency: "eur" },
      /^\/currency must be equal to one of the allowed values: "EUR", "USD"$/,
    ],
    ["a format", OBJECT, { price: 1, at: "yesterday" }, /^\/at must match format "date-time"$/],
    [
      "what is too much",
      { ...OBJECT, additionalProperties: false },
      { price: 1, b: 2 },
      /^it must NOT have additional properties: "b"$/,
    ],
    [
      "what no branch takes",
      { anyOf: [{ type: "string" }, { const: 4 }] },
      5,
      /^it must match a schema in anyOf \(it must be string\)$/,
    ],
    ["words of 2020-12", { prefixItems: [{ type: "string" }], unevaluatedItems: false }, [1], /^\/0 must be string$/],
    [
      "words of draft-07",
      { $schema: "http://json-schema.org/draft-07/schema#", items: [{ type: "string" }], additionalItems: false },
      ["a", 1],
      /must NOT have more than 1 items/,
    ],
    ["words nobody knows", { "x-team": "orders", type: "object" }, {}, null],
    ["names that come with every object", { required: ["toString"] }, {}, /required property 'toString'/],
    [
      "hostile names",
      { additionalProperties: { type: "number" } },
      { "a\nb\u0000": "x" },
      /^\/a b\ufffd must be number$/,
    ],
  ] as const) {
    it(`tells ${why}`, () => {
      const check = compileJsonSchema(schema);
      assert.ok(check.ok, check.ok ? "" : check.error);
      const result = check.value(value);
      assert.ok(result.ok);
      if (fault === null) assert.equal(result.value, null);
      else assert.match(result.value ?? "", fault);
    });
  }

  it("may share its $id with another, and is compiled as often as it is asked for", () => {
    for (const type of ["string", "number", "string"]) {
      const check = compileJsonSchema({ $id: "https://acme.example/one", type });
      assert.ok(check.ok, check.ok ? "" : check.error);
      assert.deepEqual(check.value("x"), { ok: true, value: type === "string" ? null : "it must be number" });
    }
  });

  it("is stopped in the middle of a pattern that would take for ever", () => {
    const check = compileJsonSchema({ pattern: "^(a+)+$" });
    assert.ok(check.ok);
    assert.deepEqual(check.value(`${"a".repeat(60)}!`), { ok: false, error: "it could not be checked within 100 ms" });
    assert.deepEqual(check.value("aaa"), { ok: true, value: null }, "and goes on with the next");
  });

  for (const [why, schema, message] of [
    [
      "fetches nothing",
      { $ref: "https://acme.example/order.json" },
      /^refers to https:\/\/acme\.example\/order\.json, which it does not hold/,
    ],
    ["no other file", { properties: { a: { $ref: "money.json#/amount" } } }, /^refers to money\.json/],
    ["a type that is none", { type: "money" }, /^is no JSON Schema that can be used: schema is invalid: data\/type/],
    [
      "a pattern that is none",
      { pattern: "(" },
      /^is no JSON Schema that can be used: .*pattern|Invalid regular expression/,
    ],
    [
      "an older draft",
      { $schema: "http://json-schema.org/draft-04/schema#" },
      /^is written for http:\/\/json-schema\.org\/draft-04\/schema#; draft-07 and 2020-12 are understood$/,
    ],
    ["a list", [], /^holds no JSON Schema/],
  ] as const) {
    it(`refuses: ${why}`, () => {
      const check = compileJsonSchema(schema);
      assert.match(check.ok ? "" : check.error, message);
    });
  }
});

describe("a schema's file", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "flowtap-schema-"));
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  for (const [name, text, message] of [
    ["good.json", '{"type":"object"}', /^$/],
    ["broken.json", '{"type":', /broken\.json is no JSON: /],
    ["list.json", "[]", /list\.json holds no JSON Schema/],
    ["huge.json", `{"description":"${"x".repeat(600_000)}"}`, /huge\.json is larger than 524288 bytes/],
  ] as const) {
    it(name, () => {
      const read = readJsonSchema(file(name, text));
      assert.match(read.ok ? "" : read.error, message);
    });
  }
  it("that is not there", () => {
    const read = readJsonSchema("/nowhere/schema.json");
    assert.equal(read.ok ? "" : read.error, "/nowhere/schema.json cannot be read (ENOENT)");
  });
});
