/**
 * The contract of every broker that keeps logs. Each adapter passes it against its real broker. Two promises are not
 * tested here: that a record read by two taps is stored once is the store's, and a replay to one consumer alone needs a
 * queue, which a log does not have.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openLog } from "#lib/telemetry/log.ts";
import { partitionKey } from "../partition-key.ts";
import type { LogBroker } from "../ports/broker.ts";
import { isBrokerFault } from "../ports/errors.ts";
import { describePublishing } from "./publishing.ts";
import { asAssigned, recordTap, until } from "./recorded-tap.ts";
import type { SentMessage, World } from "./world.ts";

const WITHIN_MS = 60_000;
const LIMITS = { maxRecords: 1000, maxBytes: 8 * 1024 * 1024, timeoutMs: 20_000 };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (value: Uint8Array | null): string | null => (value === null ? null : Buffer.from(value).toString("hex"));
const messages = (partition: number, from: number, count: number): SentMessage[] =>
  Array.from({ length: count }, (_, i) => ({ partition, key: null, value: bytes(`${from + i}`), headers: [] }));

export function describeLogBroker(name: string, openWorld: () => Promise<World<LogBroker>>): void {
  describe(`${name} keeps the contract of a log`, () => {
    const log = openLog("test");
    log.level = "silent";
    let world: World<LogBroker>;
    before(async () => {
      world = await openWorld();
    });
    after(() => world.close());

    it("gives every record once and in order, and goes on at the position it is given", async () => {
      const topic = await world.createDestination(2);
      await world.publish(topic, [...messages(0, 0, 50), ...messages(1, 100, 50)]);
      const first = recordTap(world.broker, asAssigned(topic, [0, 1]), log);
      await until("100 records", WITHIN_MS, () => first.count() >= 100);
      await first.stop();
      for (const [partition, from] of [
        [0, 0],
        [1, 100],
      ] as const) {
        const read = first.records.get(partitionKey({ topic, partition })) ?? [];
        assert.deepEqual(
          read.map(({ offset, value }) => [offset, hex(value)]),
          Array.from({ length: 50 }, (_, i) => [BigInt(i), hex(bytes(`${from + i}`))]),
        );
      }
      const positions = new Map([0, 1].map((partition) => [partitionKey({ topic, partition }), 40n]));
      const second = recordTap(world.broker, asAssigned(topic, [0, 1]), log, positions);
      await until("the last 20 records", WITHIN_MS, () => second.count() >= 20);
      await second.stop();
      assert.deepEqual(
        [...second.records.values()].map((read) => read.map(({ offset }) => offset)),
        Array.from({ length: 2 }, () => Array.from({ length: 10 }, (_, i) => BigInt(40 + i))),
      );
    });

    it("delivers keys, values and headers as they were sent: duplicates, binary, empty, null, large", async () => {
      const topic = await world.createDestination(1);
      const headers: SentMessage["headers"] = [
        ["a", bytes("1")],
        ["a", Uint8Array.from([0xff, 0])],
        ["b", new Uint8Array()],
      ];
      const large = new Uint8Array(900 * 1024).map((_, i) => i % 251);
      await world.publish(topic, [
        { partition: 0, key: bytes("k"), value: large, headers },
        { partition: 0, key: null, value: null, headers: [] },
      ]);
      const tap = recordTap(world.broker, asAssigned(topic, [0]), log);
      await until("2 records", WITHIN_MS, () => tap.count() >= 2);
      await tap.stop();
      const reader = world.broker.openReader();
      const { records } = await reader.read({ topic, partition: 0 }, 0n, LIMITS);
      await reader.close();
      for (const read of [tap.records.get(partitionKey({ topic, partition: 0 })) ?? [], records]) {
        assert.deepEqual(
          read.map((record) => [hex(record.key), hex(record.value)]),
          [
            [hex(bytes("k")), hex(large)],
            [null, null],
          ],
        );
        assert.deepEqual(
          read[0]?.headers.map(([header, value]) => [header, hex(value)]),
          headers.map(([header, value]) => [header, hex(value)]),
        );
      }
    });

    it("reports a record that cannot be read, and reads the records after it and in other partitions", async () => {
      const topic = await world.createDestination(2);
      await world.publish(topic, [...messages(0, 0, 3), ...messages(1, 100, 3)]);
      await world.publishUnreadable(topic, 0);
      await world.publish(topic, [...messages(0, 4, 3), ...messages(1, 103, 3)]);
      const tap = recordTap(world.broker, asAssigned(topic, [0, 1]), log);
      await until("13 records", WITHIN_MS, () => tap.count() >= 13);
      await tap.stop();
      const [first, second] = [0, 1].map((partition) => tap.records.get(partitionKey({ topic, partition })) ?? []);
      assert.deepEqual(
        first?.map(({ offset, value, unreadable }) => [offset, unreadable === undefined ? hex(value) : "unreadable"]),
        [0, 1, 2, 3, 4, 5, 6].map((i) => [BigInt(i), i === 3 ? "unreadable" : hex(bytes(`${i}`))]),
      );
      assert.notEqual(first?.[3]?.unreadable, "", "the reason");
      assert.deepEqual(
        second?.map(({ offset, value }) => [offset, hex(value)]),
        [0, 1, 2, 3, 4, 5].map((i) => [BigInt(i), hex(bytes(`${100 + i}`))]),
      );
      assert.deepEqual(tap.faults, []);
    });

    it("reads exactly the partitions that are assigned, and goes on with those that stay assigned", async () => {
      const topic = await world.createDestination(3);
      const publishToAll = (from: number) =>
        world.publish(
          topic,
          [0, 1, 2].flatMap((partition) => messages(partition, from, 5)),
        );
      const offsetsOf = (partition: number) =>
        tap.records.get(partitionKey({ topic, partition }))?.map(({ offset }) => Number(offset));
      await publishToAll(0);
      const tap = recordTap(world.broker, asAssigned(topic, [0, 1]), log);
      await until("10 records", WITHIN_MS, () => tap.count() >= 10);
      tap.assign(asAssigned(topic, [1, 2]));
      await publishToAll(5);
      await until("15 more records", WITHIN_MS, () => tap.count() >= 25);
      await tap.stop();
      assert.deepEqual([0, 1, 2].map(offsetsOf), [
        [0, 1, 2, 3, 4],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      ]);
    });

    it("names destinations, partitions and groups as they are, and changes none of them by tapping", async () => {
      const topic = await world.createDestination(3);
      const group = `users-${topic}`;
      await world.publish(topic, messages(0, 0, 10));
      const consumer = await world.consume(topic, group, 10);
      const inspector = world.broker.openInspector();
      const stateOf = async () => {
        const { groups } = await inspector.listGroups();
        const destinations = await inspector.destinations();
        return {
          groups: groups.map((one) => one.group).sort(),
          partitions: destinations.find((one) => one.name === topic)?.partitions.map(({ partition }) => partition),
          committed: await inspector.committed([group]),
          members: (await inspector.groups([group])).map(({ state, members }) => [state, members.length]),
        };
      };
      const prior = await stateOf();
      assert.ok(prior.groups.includes(group));
      assert.deepEqual(prior.partitions, [0, 1, 2]);
      assert.deepEqual(prior.members, [["stable", 1]]);
      const tap = recordTap(world.broker, asAssigned(topic, [0, 1, 2]), log);
      await until("10 records", WITHIN_MS, () => tap.count() >= 10);
      assert.deepEqual(await stateOf(), prior);
      await tap.stop();
      await consumer.stop();
      await inspector.close();
    });

    it("knows the progress of a group: committed, then what is published waits, never less than nothing", async () => {
      const topic = await world.createDestination(1);
      const [group, ref] = [`users-${topic}`, { topic, partition: 0 }];
      const inspector = world.broker.openInspector();
      const waiting = async (): Promise<bigint> => {
        const [committed] = await inspector.committed([group]);
        const [offsets] = await inspector.logOffsets([ref]);
        assert.ok(committed !== undefined && offsets !== undefined);
        const lag = offsets.endOffset - committed.offset;
        assert.ok(lag >= 0n, "never negative");
        return lag;
      };
      const pollProgress = async (): Promise<void> => {
        for (let poll = 0; poll < 100; poll++) await waiting();
      };
      await world.publish(topic, messages(0, 0, 7));
      await (await world.consume(topic, group, 7)).stop();
      assert.equal(await waiting(), 0n);
      await world.publish(topic, messages(0, 7, 5));
      assert.equal(await waiting(), 5n);
      if (world.broker.can.move === "offsets") {
        await inspector.resetOffsets(group, [{ ...ref, offset: 3n }]);
        assert.equal(await waiting(), 9n);
        const [consumer] = await Promise.all([world.consume(topic, group, 9), pollProgress()]);
        await assert.rejects(inspector.resetOffsets(group, [{ ...ref, offset: 0n }]), (error) =>
          isBrokerFault(error, "group_not_empty"),
        );
        await consumer.stop();
      }
      await inspector.close();
    });

    describePublishing(() => world);

    it("reports what is wrong: outside the log, no such partition; and reads on when the broker is back", async () => {
      const topic = await world.createDestination(1);
      await world.publish(topic, messages(0, 0, 3));
      const reader = world.broker.openReader();
      await assert.rejects(reader.read({ topic, partition: 0 }, 99n, LIMITS), (error) =>
        isBrokerFault(error, "offset_out_of_range"),
      );
      await assert.rejects(reader.read({ topic, partition: 9 }, 0n, LIMITS), (error) => isBrokerFault(error));
      const tap = recordTap(world.broker, asAssigned(topic, [0]), log);
      await until("3 records", WITHIN_MS, () => tap.count() >= 3);
      await world.kill();
      await assert.rejects(reader.read({ topic, partition: 0 }, 0n, LIMITS), (error) => isBrokerFault(error));
      await world.restart();
      await world.publish(topic, messages(0, 3, 3));
      await until("all 6 records", WITHIN_MS, () => tap.count() >= 6);
      assert.deepEqual(
        [...tap.records.values()].map((read) => read.map(({ offset }) => offset)),
        [[0n, 1n, 2n, 3n, 4n, 5n]],
      );
      await Promise.all([tap.stop(), reader.close()]);
    });
  });
}
