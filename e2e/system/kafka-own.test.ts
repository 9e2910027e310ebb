/**
 * Dead letters as Kafka's own frameworks write them, each from a real process: Connect's dead-letter queue, and
 * Streams' of KIP-1034.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { FailureQuery, FailuresQuery, type FailureGroupRow, type FailureRow } from "#lib/contracts/failures.ts";
import { NO_RULES } from "#lib/domain/observe/no-rules.test-data.ts";
import { getFailureGroup, listFailures } from "#lib/queries/failures.ts";
import { openDatabase, type Database } from "#lib/store/db/database.ts";
import { startJavaApp, whyNoJavaApps, type RunningJavaApp } from "#e2e/stack/java-app.ts";
import { openTapStage, until, type TapStage } from "./tap-stage.ts";
import { type Wrong, EACH, traceOf, CONNECT, STREAMS } from "./kafka-own.test-data.ts";

const missing = await whyNoJavaApps();

describe("Kafka's own frameworks", { skip: missing ?? false }, () => {
  let stage: TapStage;
  let app: RunningJavaApp;
  let database: Database;

  before(async () => {
    // Streams' dead letters name no group: whose they are is declared.
    stage = await openTapStage({
      config: { observe: { deadLetterTopics: [{ topic: "click-*yard", group: "click-counter" }] } },
    });
    app = await startJavaApp("kafka-own", "shop.own.Main", [stage.kafka.brokers.join(",")]);
    database = openDatabase({ url: stage.postgres.url });
    await stage.flowtap.startTap();
    const send = (topic: string, wrongs: readonly Wrong[]) =>
      stage.producer.send({
        topic,
        messages: wrongs.flatMap(({ value }, w) =>
          Array.from({ length: EACH }, (_, i) => ({
            partition: w % 2,
            key: `k${w}-${i}`,
            value: value(i),
            headers: {
              traceparent: traceOf(topic, w * EACH + i),
              ce_id: `${topic}-${w}-${i}`,
              ce_type: `${topic}.told`,
              ce_source: "/shop",
            },
          })),
        ),
      });
    await send("stock", CONNECT);
    await send("clicks", STREAMS);
  });
  after(async () => {
    await app?.stop();
    await database?.close();
    await stage?.close();
  });

  const deps = () => ({ prisma: database.prisma, readerOf: () => null, rules: NO_RULES, now: Date.now, version: "" });
  const groupsOf = async (topic: string): Promise<FailureGroupRow[]> => {
    const answer = await listFailures(deps(), FailuresQuery.parse({ topic }));
    assert.ok(answer.ok);
    return [...answer.value.items];
  };
  const deadLettersOf = async (fingerprint: string): Promise<readonly FailureRow[]> => {
    const answer = await getFailureGroup(deps(), { fingerprint, query: FailureQuery.parse({}) });
    assert.ok(answer.ok);
    return answer.value.failures.items;
  };

  async function holdsFor(
    wrongs: readonly Wrong[],
    { topic, format, group, lie }: { topic: string; format: string; group: string; lie: string },
  ): Promise<void> {
    await until(
      `the dead letters of ${topic}`,
      60_000,
      async () => (await groupsOf(topic)).reduce((sum, row) => sum + row.events, 0) === wrongs.length * EACH,
    );
    const rows = await groupsOf(topic);
    assert.deepEqual(rows.map((row) => row.rootCauseClass).sort(), wrongs.map(({ rootCause }) => rootCause).sort());
    for (const [w, { why, title, rootCause, exceptionClass, ownCode }] of wrongs.entries()) {
      const row = rows.find((one) => one.rootCauseClass === rootCause);
      assert.ok(row !== undefined, why);
      assert.match(row.title, title);
      assert.deepEqual(
        [row.format, row.events, row.groups, row.topics, row.types, row.services],
        [format, EACH, [group], [topic], [`${topic}.told`], ["shop"]],
        why,
      );
      const deadLetters = await deadLettersOf(row.fingerprint);
      for (const deadLetter of deadLetters) {
        const i = Number(deadLetter.key?.split("-")[1]);
        assert.deepEqual(
          [
            deadLetter.topic,
            deadLetter.originalTopic,
            deadLetter.originalPartition,
            deadLetter.key,
            deadLetter.exceptionClass,
            deadLetter.traceId,
          ],
          [lie, topic, w % 2, `k${w}-${i}`, exceptionClass, traceOf(topic, w * EACH + i).split("-")[1]],
          why,
        );
        assert.ok(deadLetter.stack?.includes(ownCode ?? rootCause), `${why}: ${deadLetter.stack}`);
      }
      const before = wrongs.slice(0, w).filter((_, other) => other % 2 === w % 2).length * EACH;
      assert.deepEqual(
        deadLetters.map((deadLetter) => Number(deadLetter.originalOffset)).sort((a, b) => a - b),
        Array.from({ length: EACH }, (_, i) => before + i),
        why,
      );
    }
    const {
      rows: [position],
    } = await stage.pool.query<{ role: string; source: string }>(
      `
        SELECT d.role, s.name AS source
        FROM destinations d
        LEFT JOIN destinations s ON s.id = d.source_id
        WHERE d.name = $1`,
      [lie],
    );
    assert.deepEqual(position, { role: "dead_letter", source: topic });
    const errors = async () =>
      Number(
        (
          await stage.pool.query<{ n: string }>(
            `
              SELECT sum(errors) AS n
              FROM consume_rollups r
              JOIN consumer_groups g ON g.id = r.group_id
              JOIN destinations d ON d.id = r.destination_id
              WHERE g.name = $1 AND d.name = $2`,
            [group, topic],
          )
        ).rows[0]?.n,
      );
    await until(`the errors of ${group} in the graph`, 30_000, async () => (await errors()) === wrongs.length * EACH);
  }

  it("Connect: conversion, transformation and what the sink itself reports", () =>
    holdsFor(CONNECT, {
      topic: "stock",
      format: "kafka-connect",
      group: "connect-warehouse",
      lie: "warehouse-rejects",
    }));
  it("Streams: deserialization and processing", () =>
    holdsFor(STREAMS, { topic: "clicks", format: "kafka-streams", group: "click-counter", lie: "click-graveyard" }));
});
