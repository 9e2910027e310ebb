import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { describeFaults, readConfig } from "./read-config.ts";

const DATABASE_URL = "postgresql://flowtap@127.0.0.1/flowtap";

function configFile(text: string): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), "flowtap-config-")), "flowtap.yaml");
  writeFileSync(file, text);
  return file;
}

describe("readConfig", () => {
  it("needs no file when the environment names the brokers and the database", () => {
    const config = readConfig({ KAFKA_BROKERS: "a:9092, b:9092", DATABASE_URL });
    assert.ok(config.ok);
    assert.deepEqual(config.value.clusters[0]?.brokers, ["a:9092", "b:9092"]);
    assert.deepEqual(config.value.clusters[0]?.topics.exclude, ["__*"]);
    assert.equal(config.value.web.host, "127.0.0.1");
  });

  it("takes secrets from the environment and never from the file", () => {
    const file = configFile(
      "clusters: [{name: prod, brokers: [k:1], sasl: {mechanism: plain, username: u, password: '${KAFKA_PASSWORD}'}}]",
    );
    const config = readConfig({ FLOWTAP_CONFIG: file, DATABASE_URL, KAFKA_PASSWORD: "s3cret" });
    assert.ok(config.ok);
    const [cluster] = config.value.clusters;
    assert.ok(cluster?.system === "kafka");
    assert.deepEqual(cluster.sasl, { mechanism: "plain", username: "u", password: "s3cret" });
  });

  it("lists every fault at once, each with its place", () => {
    const file = configFile(
      "clusters: [{name: 'a b', brokers: [nonsense], start: yesterday}]\nsurplus: 1\nweb: {port: 99999}",
    );
    const config = readConfig({ FLOWTAP_CONFIG: file });
    assert.ok(!config.ok);
    const text = describeFaults(config.error);
    for (const path of [
      "clusters.0.name",
      "clusters.0.brokers.0",
      "clusters.0.start",
      "web.port",
      "database",
      "surplus",
    ])
      assert.match(text, new RegExp(path.replaceAll(".", "\\.")));
  });

  for (const [start, expected] of [
    ["latest", "latest"],
    ["earliest", "earliest"],
    ["24h", { backMs: 86_400_000 }],
    ["7d", { backMs: 604_800_000 }],
  ] as const) {
    it(`starts at ${start} on first sight of a topic`, () => {
      const config = readConfig({
        FLOWTAP_CONFIG: configFile(`clusters: [{name: a, brokers: ["k:1"], start: ${start}}]`),
        DATABASE_URL,
      });
      assert.ok(config.ok);
      assert.deepEqual(config.value.clusters[0]?.start, expected);
    });
  }

  it("takes what people say of their topics and of the events that tell of errors", () => {
    const observe = [
      "observe:",
      "  deadLetterTopics: [{topic: 'park*', source: orders, group: payments}]",
      "  retryTopics: [{topic: orders-again, source: orders}]",
      "  errorEvents:",
      "    - {type: '*.failed', messageJsonPath: $.error.message}",
      "    - {topic: errors.*, messageHeader: x-error}",
    ].join("\n");
    const config = readConfig({
      FLOWTAP_CONFIG: configFile(`clusters: [{name: a, brokers: ["k:1"]}]\n${observe}`),
      DATABASE_URL,
    });
    assert.ok(config.ok, config.ok ? "" : describeFaults(config.error));
    assert.deepEqual(config.value.observe.errorEvents, [
      { type: "*.failed", messageJsonPath: "$.error.message" },
      { topic: "errors.*", messageHeader: "x-error" },
    ]);
    const wrong = readConfig({
      FLOWTAP_CONFIG: configFile(
        [
          'clusters: [{name: a, brokers: ["k:1"]}]',
          "observe: {errorEvents: [{messageHeader: x}, {type: a, messageJsonPath: error}]}",
        ].join("\n"),
      ),
      DATABASE_URL,
    });
    assert.ok(!wrong.ok);
    const text = describeFaults(wrong.error);
    for (const fault of [
      "observe.errorEvents.0: needs a topic or a type",
      "observe.errorEvents.1.messageJsonPath: must look like $.error.message",
    ])
      assert.ok(text.includes(fault), text);
  });

  it("takes which groups bear an event twice, and declares nobody by itself", () => {
    const read = (more: string) =>
      readConfig({ FLOWTAP_CONFIG: configFile(`clusters: [{name: a, brokers: ["k:1"]}]\n${more}`), DATABASE_URL });
    const [declared, none, wrong] = [
      read("replay: {idempotentGroups: [analytics, 'billing-*']}"),
      read(""),
      read("replay: {idempotentGroups: ['', 7], idempotent: [a]}"),
    ];
    assert.ok(declared.ok && none.ok && !wrong.ok);
    assert.deepEqual(
      [declared.value.replay.idempotentGroups, none.value.replay.idempotentGroups],
      [["analytics", "billing-*"], []],
    );
    const text = describeFaults(wrong.error);
    for (const path of ["replay.idempotentGroups.0: ", "replay.idempotentGroups.1: ", "idempotent"])
      assert.ok(text.includes(path), text);
  });

  it("says of every schema what is wrong with it", () => {
    const read = (schemas: string) =>
      readConfig({
        FLOWTAP_CONFIG: configFile(`clusters: [{name: a, brokers: ["k:1"]}]\nschemas: ${schemas}`),
        DATABASE_URL,
      });
    const [good, bad] = [configFile('{"type":"object"}'), configFile('{"type":"money"}')];
    const known = read(`[{type: order.placed, version: "2", file: ${good}}, {topic: orders, file: ${good}}]`);
    assert.ok(known.ok, known.ok ? "" : describeFaults(known.error));
    assert.deepEqual(known.value.schemas, [
      { type: "order.placed", version: "2", file: good },
      { topic: "orders", file: good },
    ]);
    for (const [schemas, ...faults] of [
      [
        `[{type: a, file: /nowhere/a.json}, {type: b, file: ${bad}}]`,
        "schemas.0.file: /nowhere/a.json cannot be read (ENOENT)",
        `schemas.1.file: ${bad} is no JSON Schema that can be used: schema is invalid: data/type`,
      ],
      [
        `[{file: ${good}}, {type: a, version: 2, file: ${good}}, {type: a}]`,
        "schemas.0: needs a type or a topic",
        'schemas.1.version: must be text; put it in quotes, such as "2"',
        "schemas.2.file: ",
      ],
    ] as const) {
      const wrong = read(schemas);
      assert.ok(!wrong.ok);
      const text = describeFaults(wrong.error);
      for (const fault of faults) assert.ok(text.includes(fault), text);
    }
  });

  it("says which variable a secret wants", () => {
    const config = readConfig({
      FLOWTAP_CONFIG: configFile("clusters: [{name: a, brokers: ['${BROKER}']}]"),
      DATABASE_URL,
    });
    assert.ok(!config.ok);
    assert.match(describeFaults(config.error), /BROKER, which is not set/);
  });

  it("says which file of a channel it could not read", () => {
    const smtp = "smtp: {host: mx, caFile: /nowhere/ca.pem}";
    const channel = `{name: m, kind: email, ${smtp}, from: f@x.example, to: [a@x.example]}`;
    const config = readConfig({
      FLOWTAP_CONFIG: configFile(`clusters: [{name: a, brokers: ['k:1']}]\nalerts: {channels: [${channel}]}`),
      DATABASE_URL,
    });
    assert.ok(!config.ok);
    assert.match(
      describeFaults(config.error),
      /alerts\.channels\.0\.smtp\.caFile: \/nowhere\/ca\.pem cannot be read \(ENOENT\)/,
    );
  });

  it("says which file it could not read", () => {
    const config = readConfig({ FLOWTAP_CONFIG: "/nowhere/flowtap.yaml", DATABASE_URL });
    assert.ok(!config.ok);
    assert.match(describeFaults(config.error), /ENOENT/);
  });
});
