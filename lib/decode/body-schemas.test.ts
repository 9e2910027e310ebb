import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { aRecord, bytes } from "#lib/domain/message/a-record.test-data.ts";
import { NO_RULES } from "#lib/domain/observe/no-rules.test-data.ts";
import { openBodySchemas } from "./body-schemas.ts";

const folder = mkdtempSync(path.join(tmpdir(), "flowtap-body-schemas-"));
const PRICED = path.join(folder, "priced.json");
const SCALAR = path.join(folder, "scalar.json");
writeFileSync(
  PRICED,
  JSON.stringify({ type: "object", required: ["price"], properties: { price: { type: "number" } } }),
);
writeFileSync(SCALAR, JSON.stringify({ type: "integer" }));
const schemas = openBodySchemas(
  [
    { type: "order.*", file: PRICED },
    { topic: "counts", file: SCALAR },
    { topic: "orders", file: PRICED },
    { topic: "gone", file: path.join(folder, "gone.json") },
  ],
  { ...NO_RULES, deadLetterTopics: [{ topic: "graveyard" }] },
);

const afterSchemaId = (id: number, body: string | Uint8Array): Uint8Array =>
  Uint8Array.from([0, 0, 0, 0, id, ...(typeof body === "string" ? bytes(body) : body)]);
const envelope = (more: object): string =>
  JSON.stringify({ specversion: "1.0", id: "1", source: "/shop", type: "order.placed", ...more });

describe("a body and its schema", () => {
  const TYPED = [["ce_type", "order.placed"]] as const;
  for (const [why, record, state, words] of [
    ["matches by its type", { topic: "any", headers: TYPED, value: '{"price":1}' }, "matches", null],
    ["matches by its topic", { topic: "orders", value: '{"price":1}' }, "matches", null],
    ["differs", { topic: "orders", value: '{"price":"1"}' }, "differs", /^\/price must be number$/],
    ["is no JSON", { topic: "orders", value: "price=1" }, "differs", /^it is no JSON$/],
    ["is no text", { topic: "orders", value: Uint8Array.from([0xff, 0xfe]) }, "differs", /^it is no JSON: not UTF-8$/],
    ["may be a bare number", { topic: "counts", value: "12" }, "matches", null],
    ["is not there", { topic: "orders", value: null }, "unchecked", /^it has no body$/],
    [
      "is too large",
      { topic: "orders", value: `"${"x".repeat(1_100_000)}"` },
      "unchecked",
      /larger than 1048576 bytes/,
    ],
    [
      "is too deep",
      { topic: "orders", value: `${"[".repeat(101)}${"]".repeat(101)}` },
      "unchecked",
      /nested deeper than 100/,
    ],
    [
      "is JSON after a schema id",
      { topic: "orders", value: afterSchemaId(7, '{"price":"1"}') },
      "differs",
      /^\/price must be number$/,
    ],
    [
      "is Avro after a schema id",
      { topic: "orders", value: afterSchemaId(7, Uint8Array.from([2, 0xff, 4])) },
      "unchecked",
      /^it is written by Confluent schema 7, and not as JSON$/,
    ],
    ["is the data of an envelope", { topic: "orders", value: envelope({ data: { price: 1 } }) }, "matches", null],
    [
      "differs in the data of an envelope",
      { topic: "orders", value: envelope({ data: {} }) },
      "differs",
      /^in the data of its CloudEvents envelope: it must have required property 'price'$/,
    ],
    [
      "is binary data of an envelope",
      { topic: "orders", value: envelope({ data_base64: "AA==" }) },
      "unchecked",
      /holds no JSON data/,
    ],
    [
      "has no schema for its type",
      { topic: "any", headers: [["ce_type", "refund.made"]], value: "{}" },
      "unchecked",
      /^no schema is known for refund\.made$/,
    ],
    ["has no schema for its topic", { topic: "any", value: "{}" }, "unchecked", /^no schema is known for any$/],
    [
      "has a schema whose file is missing",
      { topic: "gone", value: "{}" },
      "unchecked",
      /gone\.json cannot be read \(ENOENT\)$/,
    ],
    [
      "is of a dead letter: the original topic counts",
      {
        topic: "parked-dlt",
        headers: [
          ["kafka_dlt-original-topic", "orders"],
          ["kafka_dlt-exception-fqcn", "x.Y"],
        ],
        value: "{}",
      },
      "differs",
      /'price'/,
    ],
    [
      "is of a dead letter without an original topic: the target counts",
      { topic: "graveyard", value: "{}" },
      "unchecked",
      /^no schema is known for target$/,
    ],
  ] as const) {
    it(why, () => {
      const verdict = schemas.check(aRecord(record), "target");
      assert.equal(verdict.state, state, verdict.why ?? "");
      if (words === null) assert.equal(verdict.why, null);
      else assert.match(verdict.why ?? "", words);
    });
  }
  it("names the schema file", () =>
    assert.equal(schemas.check(aRecord({ topic: "orders", value: "{}" }), "orders").schema, PRICED));
});
