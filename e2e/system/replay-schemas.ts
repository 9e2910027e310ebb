/** Bodies and the schemas that the configuration declares for them: as they were published, and as people edit them. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { ErrorBody } from "#lib/contracts/errors.ts";
import { ReplayItemEditView, ReplayView } from "#lib/contracts/replays.ts";
import { PRICED, type DeclaredWeb } from "./replay-declared-web.ts";
import { redriveOf } from "./replay-steps.ts";

async function edited(response: Promise<Response>): Promise<unknown[]> {
  const { edit, schema } = ReplayItemEditView.parse(await (await response).json());
  return [edit?.body ?? null, edit?.despiteSchema ?? null, schema.state, schema.why];
}

export function testSchemas(given: () => DeclaredWeb): void {
  let web: DeclaredWeb;

  describe("schemas of bodies", () => {
    before(() => {
      web = given();
    });

    it("bodies are held against their schemas, as they lie and as people edit them", async () => {
      const { world, ask, plan } = web;
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
}
