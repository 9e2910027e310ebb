/** What a log promises to whoever writes to it in transactions. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import type { LogBroker } from "../ports/broker.ts";
import { isBrokerFault } from "../ports/errors.ts";
import type { OutgoingRecord } from "../ports/publisher.ts";
import { until } from "./recorded-tap.ts";
import type { World } from "./world.ts";

const WITHIN_MS = 60_000;
const LIMITS = { maxRecords: 1000, maxBytes: 8 * 1024 * 1024, timeoutMs: 20_000 };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (value: Uint8Array | null): string | null => (value === null ? null : Buffer.from(value).toString("hex"));

export function describePublishing(world: () => World<LogBroker>): void {
  describe("a publisher", () => {
    it("publishes in transactions that fence, and reports the position of each record", async () => {
      const topic = await world().createDestination(2);
      const record = (partition: number, value: string): OutgoingRecord => ({
        topic,
        partition,
        key: null,
        value: bytes(value),
        headers: [["b", null]],
      });
      const can = world().broker.can.publish;
      assert.deepEqual([can.transactional, can.partitions, can.ordering], [true, true, "partition"]);
      const former = await world().broker.openPublisher(`publisher-${topic}`);
      const latter = await world().broker.openPublisher(`publisher-${topic}`);
      await assert.rejects(former.publish([record(0, "of one fenced off")]));
      const written = await latter.publish([record(0, "a"), record(1, "b"), record(0, "c")]);
      await Promise.all([former.close(), latter.close()]);
      const reader = world().broker.openReader();
      for (const [i, value] of ["a", "b", "c"].entries()) {
        const { partition, offset } = written[i] ?? { partition: -1, offset: -1n };
        await until(`${value} is visible`, WITHIN_MS, async () => {
          const { records } = await reader.read({ topic, partition }, offset, LIMITS);
          return records[0]?.offset === offset && hex(records[0].value) === hex(bytes(value));
        });
      }
      const { records } = await reader.read({ topic, partition: 0 }, 0n, LIMITS);
      assert.deepEqual(
        records.map(({ value }) => hex(value)),
        ["a", "c"].map((value) => hex(bytes(value))),
      );
      const sent = records[0]?.headers.map(([header, value]) => [header, hex(value)]);
      assert.deepEqual(sent, [["b", can.nullHeaderValues ? null : ""]]);
      await reader.close();
    });

    it("writes on after each refusal, each record where it says it is", async () => {
      const topic = await world().createDestination(2);
      const headers: OutgoingRecord["headers"] = [
        ["2", bytes("two")],
        ["10", null],
        ["2", bytes("")],
      ];
      const timestampMs = 1_700_000_000_000;
      const record = (partition: number, value: Uint8Array): OutgoingRecord => ({
        topic,
        partition,
        key: null,
        value,
        headers,
        timestampMs,
      });
      // Random: it stays too large when it is compressed.
      const tooLarge = () => record(1, randomBytes(3 * 1024 * 1024));
      const small = () => record(0, bytes("small"));
      const publisher = await world().broker.openPublisher(`publisher-${topic}`);
      const refused = (batch: readonly OutgoingRecord[]) =>
        assert.rejects(publisher.publish(batch), (error) => isBrokerFault(error, "records_refused"));
      await refused([small(), tooLarge()]);
      const [first] = await publisher.publish([record(0, bytes("after one"))]);
      await refused([small(), small(), tooLarge()]);
      const [second] = await publisher.publish([record(0, bytes("after two"))]);
      await refused([tooLarge()]);
      await refused([small(), small(), small(), tooLarge()]);
      const [third] = await publisher.publish([record(0, bytes("at last"))]);
      await publisher.close();
      const reader = world().broker.openReader();
      const read = async () => (await reader.read({ topic, partition: 0 }, 0n, LIMITS)).records;
      await until("all are visible", WITHIN_MS, async () => (await read()).length === 3);
      const nullValue = world().broker.can.publish.nullHeaderValues ? null : "";
      const expected = (at: { readonly offset: bigint } | undefined, value: string) => ({
        offset: at?.offset,
        timestampMs,
        value: hex(bytes(value)),
        headers: [
          ["2", hex(bytes("two"))],
          ["10", nullValue],
          ["2", ""],
        ],
      });
      assert.deepEqual(
        (await read()).map((one) => ({
          offset: one.offset,
          timestampMs: one.timestampMs,
          value: hex(one.value),
          headers: one.headers.map(([name, value]) => [name, hex(value)]),
        })),
        [expected(first, "after one"), expected(second, "after two"), expected(third, "at last")],
      );
      await reader.close();
    });
  });
}
