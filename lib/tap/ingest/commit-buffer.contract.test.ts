import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import type { CommitLogEntry } from "#lib/brokers/ports/commit-log.ts";
import type { LogRecord } from "#lib/brokers/ports/log-source.ts";
import { ok } from "#lib/domain/result.ts";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { inFlush } from "#lib/store/ingest/flush.ts";
import { openLog } from "#lib/telemetry/log.ts";
import { KnownProducers } from "../publishers/known-producers.ts";
import { CommitBuffer } from "./commit-buffer.ts";
import { CommitNames } from "./commit-names.ts";
import type { ReadPartition } from "./flush-buffer.ts";

const AT: ReadPartition = {
  destinationId: 1,
  topic: "commits",
  partition: 0,
  next: 0n,
  resumeFrom: 0n,
  leaderEpoch: -1,
  endOffset: 0n,
};

describe("commits of one flush on a real Postgres", () => {
  let postgres: MigratedPostgres;
  let clusterId: number;
  before(async () => {
    postgres = await startMigratedPostgres();
    const { pool } = postgres.database;
    await ensurePartitions(pool, new Date());
    const { rows } = await pool.query<{ id: number }>(
      "INSERT INTO clusters (name, system) VALUES ('c', 'kafka') RETURNING id",
    );
    clusterId = rows[0]?.id ?? 0;
  });
  after(() => postgres.stop());

  /** What a flush of these stores: the history in its order, then where the group is. */
  async function stored(
    entries: readonly CommitLogEntry[],
  ): Promise<{ history: number[]; now: number[]; asked: number }> {
    const { pool } = postgres.database;
    await pool.query("TRUNCATE group_commits, group_partitions, consumer_groups CASCADE");
    const names = new CommitNames(pool, clusterId);
    const producers = new KnownProducers(pool, clusterId, openLog("test"));
    let asked = 0;
    const log = {
      topic: "commits",
      read: (record: Pick<LogRecord, "key">) => ok(entries[record.key?.[0] ?? 0] ?? null),
    };
    const buffer = new CommitBuffer(log, names, producers, (group) => group === "flowtap");
    const records = entries.map((_, i) => ({
      offset: BigInt(i),
      timestampMs: 0,
      key: new Uint8Array([i]),
      value: null,
      headers: [],
    }));
    for (let i = 0; i < records.length; ) {
      const wait = buffer.add(AT, records[i] as LogRecord);
      if (wait === null) i++;
      else {
        asked++;
        await wait(records.slice(i));
      }
    }
    await inFlush(pool, [], (flush) => buffer.write(flush));
    const read = async (table: string, order: string) =>
      (await pool.query<{ at: number }>(`SELECT committed_offset::int AS at FROM ${table} ORDER BY ${order}`)).rows.map(
        ({ at }) => at,
      );
    return {
      history: await read("group_commits", "group_id, xid, committed_at"),
      now: await read("group_partitions", "group_id"),
      asked,
    };
  }

  const commits = (...offsets: readonly (number | null)[]): CommitLogEntry[] =>
    offsets.map((offset) => ({
      kind: "commit",
      group: "payments",
      topic: "orders",
      partition: 0,
      commit: offset === null ? null : { offset: BigInt(offset), committedAtMs: 1000 },
    }));

  it("tell exactly how far a group went back, also at the same millisecond", async () => {
    assert.deepEqual(await stored(commits(1000, 500, 509)), { history: [1000, 500, 509], now: [509], asked: 1 });
    assert.deepEqual((await stored(commits(500, 509))).history, [500, 509], "the one before is in an earlier flush");
    assert.deepEqual(
      (await stored(commits(1, 2, 3, 1000, 700, 500, 600, 700, 20, 30))).history,
      [1, 1000, 700, 500, 700, 20, 30],
    );
    assert.deepEqual((await stored(commits(5, 6, null))).now, []);
  });

  it("keep the last one before the group has other members", async () => {
    const joined: CommitLogEntry = {
      kind: "generation",
      group: "payments",
      generation: 2,
      atMs: 1000,
      memberCount: 1,
      clients: [],
    };
    assert.deepEqual((await stored([...commits(5, 6, 7), joined, ...commits(8, 9)])).history, [5, 7, 9]);
  });

  it("of many groups ask for their ids at once", async () => {
    const groups = Array.from({ length: 200 }, (_, i) => `group-${i}`);
    const entries = groups.flatMap((group) => commits(1, 2).map((entry) => ({ ...entry, group })));
    const { now, asked } = await stored(entries.slice(0, 250));
    assert.deepEqual([now.length, asked], [125, 1]);
  });
});
