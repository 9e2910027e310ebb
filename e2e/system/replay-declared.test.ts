/**
 * What people declare for replays in the configuration, through the API of a real web process: idempotent groups, and
 * schemas of bodies.
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { after, before, describe, it } from "node:test";
import type { RedrivePlanInput } from "#lib/contracts/replay-input.ts";
import { ReplayItemEditView, ReplayView } from "#lib/contracts/replays.ts";
import { FailureGroupView } from "#lib/contracts/failures.ts";
import { ErrorBody } from "#lib/contracts/errors.ts";
import { prepareFlowtap, type Flowtap } from "#e2e/stack/flowtap.ts";
import { dead, redriveOf, WHY } from "./replay-steps.ts";
import { openWorld, type World } from "./replay-world.ts";

const PRICED = fileURLToPath(new URL("./priced.schema.json", import.meta.url));

let world: World;
let flowtap: Flowtap;
let url: string;
before(async () => {
  world = await openWorld();
  flowtap = await prepareFlowtap({
    databaseUrl: world.databaseUrl,
    brokers: world.cluster.brokers,
    cluster: { name: "kafka" },
    config: { replay: { idempotentGroups: ["analytics", "audit-*"] }, schemas: [{ topic: "priced", file: PRICED }] },
  });
  ({ url } = await flowtap.startWeb());
});
after(async () => {
  await flowtap.stop();
  await world.stop();
});

async function ask(path: string, body?: object | null): Promise<Response> {
  const headers = { "content-type": "application/json", "sec-fetch-site": "same-origin" };
  return fetch(
    `${url}${path}`,
    body === undefined
      ? {}
      : body === null
        ? { method: "DELETE", headers }
        : { method: "POST", headers, body: JSON.stringify(body) },
  );
}
async function plan(input: RedrivePlanInput) {
  const response = await ask("/api/replays", input);
  const view = ReplayView.parse(await response.json());
  assert.ok(view.preview.kind === "redrive");
  return { id: view.row.id, preview: view.preview };
}
async function edited(response: Promise<Response>): Promise<unknown[]> {
  const { edit, schema } = ReplayItemEditView.parse(await (await response).json());
  return [edit?.body ?? null, edit?.despiteSchema ?? null, schema.state, schema.why];
}

describe("what the configuration declares for replays", () => {
  it("which groups are idempotent stands in the plan, its command, the audit and the export", async () => {
    const { prisma } = world.database;
    await world.bury("announced", dead(3, "fp-announced"));
    const target = await prisma.destination.findFirstOrThrow({ where: { name: "announced" } });
    for (const name of ["payments", "analytics", "audit-eu", "billing"]) {
      const { id } = await prisma.consumerGroup.create({ data: { clusterId: target.clusterId, name } });
      await prisma.groupPartition.create({
        data: { groupId: id, destinationId: target.id, partition: 0, committedOffset: 0n },
      });
    }
    const { id, preview } = await plan(redriveOf("fp-announced", 1000));
    assert.deepEqual(
      preview.targets[0]?.receivers.map(
        ({ group, failedThere, declaredIdempotent }) => `${group} ${failedThere} ${declaredIdempotent}`,
      ),
      ["analytics false true", "audit-eu false true", "billing false false", "payments true false"],
    );
    const readers = [
      String.raw`analytics \(declared idempotent\)`,
      String.raw`audit-eu \(declared idempotent\)`,
      String.raw`billing \(not known to be idempotent\)`,
      String.raw`payments \(failed on them, not known to be idempotent\)`,
    ].join(", ");
    assert.match(preview.cli, new RegExp(String.raw`^# announced is read by ${readers}\.$`, "m"));
    assert.ok((await ask(`/api/replays/${id}/run`, { reason: WHY })).ok);
    const { detail } = await prisma.auditEntry.findFirstOrThrow({
      where: { target: `replay/${id}`, action: "replay.redrive.run" },
    });
    assert.deepEqual((detail as { receivers: string[] }).receivers.slice(0, 3), [
      "announced: analytics (declared idempotent)",
      "announced: audit-eu (declared idempotent)",
      "announced: billing (not known to be idempotent)",
    ]);
    assert.match(
      await (await ask(`/api/replays/${id}/export`)).text(),
      /,"analytics \(declared idempotent\), audit-eu /,
    );
    assert.ok((await ask(`/api/replays/${id}/cancel`, {})).ok);
  });

  it("of dead letters that name no group, the only reader of their topic is probably theirs; of several, none is", async () => {
    const { prisma } = world.database;
    await world.bury("clicks", dead(2, "fp-clicks"));
    await prisma.failure.updateMany({ where: { fingerprint: "fp-clicks" }, data: { groupName: null } });
    const { id: destinationId, clusterId } = await prisma.destination.findFirstOrThrow({ where: { name: "clicks" } });
    const reads = async (name: string) => {
      const { id } = await prisma.consumerGroup.upsert({
        where: { clusterId_name: { clusterId, name } },
        create: { clusterId, name },
        update: {},
      });
      await prisma.groupPartition.create({ data: { groupId: id, destinationId, partition: 0, committedOffset: 0n } });
    };
    const probably = async () => [
      (await plan(redriveOf("fp-clicks", 1000))).preview.targets[0]?.receivers.map(
        ({ group, probablyFailedThere }) => `${group} ${probablyFailedThere}`,
      ),
      FailureGroupView.parse(await (await ask("/api/failures/fp-clicks")).json()).onlyReader,
    ];
    assert.deepEqual(await probably(), [[], null]);
    await reads("click-counter");
    assert.deepEqual(await probably(), [["click-counter true"], "click-counter"]);
    await reads("billing");
    assert.deepEqual(await probably(), [["billing false", "click-counter false"], null]);
  });

  it("bodies are held against their schemas, as they lie and as people edit them", async () => {
    await world.createTopic("priced", 1);
    await world.createTopic("unpriced", 1);
    const producer = world.kafka.producer();
    await producer.connect();
    const behindId = (...bytes: readonly number[]) => Buffer.from([0, 0, 0, 0, 7, ...bytes]);
    await producer.send({
      topic: "priced",
      messages: [
        '{"price":1}',
        '{"price":"1"}',
        "{broken",
        null,
        behindId(2, 255),
        behindId(...Buffer.from('{"price":2}')),
      ].map((value) => ({ key: "p", value })),
    });
    await producer.send({ topic: "unpriced", messages: [{ value: "{}" }] });
    await producer.disconnect();
    const { id, preview } = await plan({
      ...redriveOf("", 1000),
      select: { by: "range", cluster: "kafka", topic: "priced", from: { offset: "0" } },
    });
    assert.deepEqual(preview.checks?.schemas, {
      matching: 2,
      differing: 2,
      first: [
        { item: 1, schema: PRICED, why: "/price must be number" },
        { item: 2, schema: PRICED, why: "it is no JSON" },
      ],
      unchecked: [
        { why: "it has no body", items: 1 },
        { why: "it is written by Confluent schema 7, and not as JSON", items: 1 },
      ],
    });
    const firstFault = String.raw`item 1, by .*priced\.schema\.json: /price must be number\.`;
    assert.match(
      preview.cli,
      new RegExp(`^# 2 of the bodies do not match their schema; the first, ${firstFault}$`, "m"),
    );
    const other = await plan({
      ...redriveOf("", 1000),
      select: { by: "range", cluster: "kafka", topic: "unpriced", from: { offset: "0" } },
    });
    assert.deepEqual(other.preview.checks?.schemas, {
      matching: 0,
      differing: 0,
      first: [],
      unchecked: [{ why: "no schema is known for unpriced", items: 1 }],
    });

    const address = `/api/replays/${id}/items/1/edit`;
    const edit = (body: string, despiteSchema = false) => ask(address, { body, despiteSchema });
    assert.deepEqual(await edited(ask(address)), [null, null, "differs", "/price must be number"]);
    const refused = await edit('{"price":2,"currency":"eur"}');
    const { error } = ErrorBody.parse(await refused.json());
    assert.deepEqual([refused.status, error.fields?.[0]?.path], [422, "despiteSchema"]);
    const fault = '/currency must be equal to one of the allowed values: "EUR", "USD"';
    assert.match(
      error.message,
      new RegExp(String.raw`^With that the event does not match .*priced\.schema\.json: ${fault}\. Mend it, or say`),
    );
    assert.equal((await edited(ask(address)))[0], null, "nothing was kept");
    const overruled = [
      '{"price":2,"currency":"eur"}',
      true,
      "differs",
      '/currency must be equal to one of the allowed values: "EUR", "USD"',
    ];
    assert.deepEqual(await edited(edit('{"price":2,"currency":"eur"}', true)), overruled);
    assert.deepEqual(await edited(ask(address)), overruled);
    const { log } = ReplayView.parse(await (await ask(`/api/replays/${id}`)).json());
    assert.match(
      log.findLast(({ action }) => action === "edit")?.reason ?? "",
      /^item 1, although it does not match .*"USD"$/,
    );
    assert.deepEqual(
      await edited(edit('{"price":2,"currency":"EUR"}', true)),
      ['{"price":2,"currency":"EUR"}', false, "matches", null],
      "nothing is overruled where nothing speaks against it",
    );
    assert.deepEqual(
      await edited(ask(address, null)),
      [null, null, "differs", "/price must be number"],
      "the original may always be sent as it lies",
    );
    assert.equal((await ask(`/api/replays/${id}/items/99/edit`)).status, 404);
  });
});
