import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { pino } from "pino";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { KnownProducers } from "./known-producers.ts";
import type { ProducerTotal } from "./producer-totals.ts";

const MOST_WAITING = 20_000;

describe("what producers wrote, while Postgres does not take it", () => {
  let postgres: MigratedPostgres;
  before(async () => {
    postgres = await startMigratedPostgres();
    await postgres.client.query("INSERT INTO clusters (id, name, system) VALUES (1, 'c', 'kafka')");
  });
  after(() => postgres.stop());

  const totals = (producers: number): ProducerTotal[] =>
    Array.from({ length: producers }, (_, i) => ({
      producerId: BigInt(i),
      destinationId: 1,
      isTransactional: false,
      records: 1,
      namedRecords: 0,
      firstAtMs: 1,
      lastAtMs: 1,
      serviceId: null,
      hasConflict: false,
    }));

  it("is tried again less and less often, said once, and counted where it is dropped", async () => {
    const { client, database } = postgres;
    const lines: { level: number; msg: string; dropped?: number; failures?: number }[] = [];
    let onInfo: () => void = () => undefined;
    const isInfo = new Promise<void>((resolve) => (onInfo = resolve));
    const log = pino(
      { level: "info" },
      {
        write: (line: string) => {
          lines.push(JSON.parse(line) as (typeof lines)[number]);
          if (lines.at(-1)?.level === 30) onInfo();
        },
      },
    );
    let dropped = 0;
    const known = new KnownProducers(database.pool, 1, log, (entries) => (dropped += entries));
    await client.query("ALTER TABLE producers RENAME TO not_there");
    const tries: number[] = [];
    known.addWritten(totals(MOST_WAITING + 7));
    for (let i = 0; i < 3; i++) {
      await once(database.pool, "acquire");
      tries.push(performance.now());
    }
    const [first = 0, second = 0, third = 0] = tries;
    assert.ok(second - first > 450, `${second - first} ms`);
    assert.ok(third - second > 950, `${third - second} ms`);
    known.addWritten(totals(1));
    await client.query("ALTER TABLE not_there RENAME TO producers");
    await isInfo;
    await known.close();
    assert.equal(dropped, 7);
    assert.deepEqual(
      lines.map(({ level, msg, dropped: entries }) => [level, msg, entries]),
      [
        [40, "more producers than can wait to be stored: dropped", 7],
        [40, "which producers wrote what could not be stored; trying again", undefined],
        [30, "which producers wrote what is stored again", undefined],
      ],
    );
    const { rows } = await client.query(
      "SELECT count(*)::int AS rows, sum(records)::int AS n FROM producer_destinations",
    );
    assert.deepEqual(rows, [{ rows: MOST_WAITING, n: MOST_WAITING + 1 }]);
  });

  it("is written at once when the tap ends", async () => {
    const { client, database } = postgres;
    await client.query("TRUNCATE producers, producer_destinations");
    const known = new KnownProducers(database.pool, 1, pino({ level: "silent" }));
    known.addWritten(totals(1));
    await known.close();
    const { rows } = await client.query("SELECT producer_id FROM producers");
    assert.deepEqual(rows, [{ producer_id: "0" }]);
  });
});
