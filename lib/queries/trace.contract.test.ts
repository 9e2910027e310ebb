/** A trace that is longer than its page. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { NO_RULES } from "#lib/domain/observe/no-rules.test-data.ts";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { getTrace } from "./trace.ts";

const TRACE = "0000000000000000000000000000007b";
const EVENTS = 2500;

describe("a trace of 2,500 events", () => {
  let postgres: MigratedPostgres;
  before(async () => {
    postgres = await startMigratedPostgres();
    await ensurePartitions(postgres.database.pool, new Date());
    await postgres.client.query(`
      INSERT INTO clusters (id, name, system) VALUES (1, 'eu/west', 'kafka');
      INSERT INTO destinations (id, cluster_id, name) VALUES (1, 1, 'orders'), (2, 1, 'mails');
      INSERT INTO services (id, name) VALUES (1, 'shop');
      INSERT INTO events (
        stored_at, occurred_at, position, trace_id, destination_id, partition, size_bytes, flags, service_id
      )
      SELECT now(), now() - interval '1 hour' + n * interval '1 second', n, '${TRACE}'::uuid,
        CASE WHEN n = 3 THEN 2 ELSE 1 END, 0, 1, 0, CASE WHEN n <> 3 THEN 1 END
      FROM generate_series(0, ${EVENTS - 1}) n;
      INSERT INTO traces (
        trace_id, first_at, last_at, events, errors, root_destination, service_ids, destination_ids, type_ids
      )
      VALUES ('${TRACE}'::uuid, now() - interval '1 hour', now(), ${EVENTS}, 0, 1, '{1}', '{1,2}', '{}')`);
  });
  after(() => postgres.stop());

  const offsets = async (around?: string) => {
    const answer = await getTrace(
      {
        ...{ prisma: postgres.database.prisma, readerOf: () => null, rules: NO_RULES, now: () => Date.now() },
        version: "",
      },
      TRACE,
      { around },
    );
    assert.ok(answer.ok);
    const { events, total, truncated, undeclared } = answer.value;
    assert.deepEqual([total, truncated], [EVENTS, true]);
    const all = events.map(({ offset }) => Number(offset));
    assert.deepEqual(
      all,
      [...all].sort((a, b) => a - b),
    );
    return { first: all[0], last: all.at(-1), events: all.length, undeclared };
  };

  it("begins with its first events, says how many there are, and what to declare", async () =>
    assert.deepEqual(await offsets(), {
      first: 0,
      last: 999,
      events: 1000,
      undeclared: { topics: ["mails"], groups: [] },
    }));

  it("is shown around any of its events, also the first and the last", async () => {
    const at = async (offset: number) => {
      const { first, last } = await offsets(`eu/west/orders/0/${offset}`);
      return [first, last];
    };
    assert.deepEqual(await at(1500), [1000, 1999]);
    assert.deepEqual(await at(0), [0, 500]);
    assert.deepEqual(await at(EVENTS - 1), [EVENTS - 501, EVENTS - 1]);
  });

  it("begins with its first events where the event is none of it", async () => {
    for (const none of ["eu/west/orders/0/99999", "eu/west/orders/7/3", "other/orders/0/3", "orders/0/3", "x", "'"])
      assert.equal((await offsets(none)).first, 0, none);
  });
});
