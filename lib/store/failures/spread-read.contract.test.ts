import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { HOUR_MS, NOW_MS, startPostgresForFailures } from "#e2e/stack/failures.ts";
import { mergeFailures } from "#lib/commands/failures.ts";
import { getFailureFates, getFailureSpread } from "#lib/queries/failure-spread.ts";

const OPS = { name: "mia", role: "operator" } as const;
const WHY = { reason: "fixed in 1.4" };

describe("what a failure has in common", () => {
  let stored: Awaited<ReturnType<typeof startPostgresForFailures>>;
  before(async () => {
    stored = await startPostgresForFailures();
  });
  after(() => stored.stop());
  beforeEach(() => stored.clear());

  it("shows what its dead letters have in common, and failures with the same cause", async () => {
    const { client, prisma, fail, done } = stored;
    await fail("a", 12, HOUR_MS);
    await fail("merged", 3, HOUR_MS, { type: 2 });
    await fail("like-it", 1, 0);
    await fail("other", 1, 0);
    await client.query(
      `
        UPDATE failures
        SET key = 'k' || position % 11,
          original_partition = 1,
          root_cause_class = CASE WHEN fingerprint = 'other' THEN 'Else' ELSE 'Boom' END`,
    );
    await done(mergeFailures({ prisma }, "merged", { into: "a", ...WHY }, OPS, NOW_MS));
    const found = await getFailureSpread({ prisma }, "merged");
    assert.ok(found.ok);
    const { keys, partitions, versions, producers, similar } = found.value;
    assert.deepEqual(
      [keys.distinct, keys.values.length, keys.values.reduce((sum, { events }) => sum + events, 0) <= 15],
      [11, 10, true],
    );
    assert.deepEqual(
      [partitions, versions, producers],
      [
        { values: [{ name: "orders[1]", events: 15 }], distinct: 1 },
        {
          values: [
            { name: "order.placed 1", events: 12 },
            { name: "order.placed 2", events: 3 },
          ],
          distinct: 2,
        },
        { values: [{ name: "shop", events: 15 }], distinct: 1 },
      ],
    );
    assert.deepEqual(
      similar.map(({ fingerprint, group }) => [fingerprint, group]),
      [["like-it", "payments"]],
    );
  });

  it("shows what other groups did with the event, if the dead letter names it", async () => {
    const { client, prisma, fail } = stored;
    await fail("a", 2, HOUR_MS);
    await client.query(
      `
        INSERT INTO destinations (id, cluster_id, name)
        VALUES (2, 1, 'orders');
        INSERT INTO consumer_groups (id, cluster_id, name)
        VALUES (2, 1, 'analytics')`,
    );
    await client.query(
      `
        INSERT INTO group_partitions (group_id, destination_id, partition, committed_offset)
        VALUES (1, 2, 0, 9), (2, 2, 0, 9)`,
    );
    const [known, unknown] = await prisma.failure.findMany({ orderBy: { id: "asc" } });
    await prisma.failure.update({
      where: { id: known?.id ?? 0n },
      data: { originalDestinationId: 2, originalPartition: 0, originalPosition: 7n },
    });
    const fates = async (id: bigint | undefined) => {
      const found = await getFailureFates({ prisma }, id ?? 0n);
      assert.ok(found.ok);
      return found.value.fates.map(({ group, fate, afterMs }) => [group, fate, afterMs]);
    };
    assert.deepEqual(
      [await fates(known?.id), await fates(unknown?.id)],
      [
        [
          ["analytics", "consumed", null],
          ["payments", "dead_lettered", null],
        ],
        [],
      ],
    );
  });
});
