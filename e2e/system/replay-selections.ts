/** Which events a plan takes for each way of selecting them. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { ReplaySelection } from "#lib/contracts/replay-selection.ts";
import { asked, BEGAN_MS, chosen, refusal, TRACE } from "./replay-choices.ts";
import type { World } from "./replay-world.ts";

export function testSelections(given: () => World, filled: () => Promise<unknown>): void {
  let world: World;

  describe("what a plan chooses", () => {
    before(async () => {
      world = given();
      await filled();
    });

    it("a stretch by offsets: what the log still holds, and says what it does not", async () => {
      const admin = world.kafka.admin();
      await admin.fetchTopicOffsets("orders");
      await admin.deleteTopicRecords({ topic: "orders", partitions: [{ partition: 1, offset: "2" }] });
      await admin.disconnect();
      const { preview, positions } = await chosen(
        world,
        asked({ by: "range", cluster: "kafka", topic: "orders", from: { offset: "1" }, to: { offset: "3" } }),
      );
      assert.deepEqual(positions, ["orders/0/1", "orders/0/2", "orders/0/3", "orders/1/2", "orders/1/3"]);
      assert.deepEqual(
        [preview.plainItems, preview.excluded],
        [5, [{ reason: "No longer in its topic: retention has taken it", items: 1 }]],
      );
      assert.match(preview.cli, /-t orders -p 0 -o 1 -c 3 -e .* -p 0 -K/);
    });

    it("a stretch by time, of one partition, to its end", async () => {
      const { positions } = await chosen(
        world,
        asked({
          by: "range",
          cluster: "kafka",
          topic: "orders",
          partitions: [0],
          from: { at: new Date(BEGAN_MS + 4000).toISOString() },
        }),
      );
      assert.deepEqual(positions, ["orders/0/2", "orders/0/3", "orders/0/4"]);
    });

    for (const [select, words] of [
      [
        { by: "range", cluster: "kafka", topic: "orders", from: { offset: "900" } },
        /^Nothing lies in this stretch of orders\. Partition 0 holds offsets 0 to 5/,
      ],
      [
        { by: "range", cluster: "kafka", topic: "orders", partitions: [7], from: { offset: "0" } },
        /^orders has no partition 7: it has 2, from 0 to 1\.$/,
      ],
      [
        { by: "range", cluster: "kafka", topic: "nowhere", from: { offset: "0" } },
        /^There is no topic nowhere on kafka/,
      ],
      [{ by: "key", cluster: "kafka", key: "nobody" }, /^No event with the key nobody is kept on kafka\.$/],
      [{ by: "trace", traceId: "f".repeat(32), failedOnly: false }, /no event is kept/],
    ] as const satisfies readonly (readonly [ReplaySelection, RegExp])[]) {
      it(`nothing, in words: ${words.source}`, async () => assert.match(await refusal(world, asked(select)), words));
    }

    it("a key's events of every topic, in the order of time when they go to one", async () => {
      const byKey: ReplaySelection = { by: "key", cluster: "kafka", key: "c-0" };
      assert.deepEqual(
        (await chosen(world, asked(byKey, { how: "sandbox", topic: "debug-key", create: true }))).positions,
        ["orders/0/0", "refunds/0/0", "orders/0/1"],
      );
      assert.deepEqual((await chosen(world, asked({ ...byKey, topics: ["refunds"] }))).positions, ["refunds/0/0"]);
    });

    it("a trace: each event as it was published and no replay's copy; or its dead letters alone", async () => {
      const whole = await chosen(world, asked({ by: "trace", traceId: TRACE, failedOnly: false }));
      assert.deepEqual(whole.positions, ["orders/0/0", "orders/0/1", "orders/1/2", "refunds/0/0"]);
      assert.deepEqual(whole.preview.excluded, [{ reason: "Itself a copy that an earlier replay has sent", items: 1 }]);
      assert.deepEqual((await chosen(world, asked({ by: "trace", traceId: TRACE, failedOnly: true }))).positions, [
        "orders-dlt/0/0",
      ]);
    });

    it("a fingerprint's dead letters of one key, group and time", async () => {
      const of = (more: object) => refusal(world, asked({ by: "fingerprint", fingerprint: "fp-of-orders", ...more }));
      assert.equal(await of({ group: "payments", key: "c-0", from: new Date(Date.now() - 60_000).toISOString() }), "");
      for (const more of [{ group: "olf" }, { key: "c-1" }, { to: new Date(Date.now() - 60_000).toISOString() }])
        assert.match(await of(more), /^None of these dead letters/);
    });
  });
}
