import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { ITEM_REASON_TEXT, ITEM_REASONS } from "#lib/domain/replay/item-reason.ts";
import type { PrismaClient } from "#lib/store/db/database.ts";
import { readReplayItems } from "./replay-items-read.ts";
import { readReplayRows } from "./replay-rows-read.ts";

const MIGRATION = path.resolve(
  import.meta.dirname,
  "../../../prisma/migrations/20261130010000_replay_holds/migration.sql",
);
const WAIT = {
  kind: "waiting_for_empty_group",
  group: "payments",
  state: "stable",
  members: [{ clientId: "app-1", host: "10.0.0.7" }],
  memberCount: 1,
} as const;

let postgres: MigratedPostgres;
let prisma: PrismaClient;
before(async () => {
  postgres = await startMigratedPostgres();
  prisma = postgres.database.prisma;
  await prisma.cluster.create({ data: { id: 1, name: "prod", system: "kafka" } });
});
after(() => postgres.stop());

const aRun = async (data: { readonly hold?: object; readonly error?: string }): Promise<number> =>
  (
    await prisma.replayRun.create({
      data: { kind: "skip", status: "running", clusterId: 1, createdBy: "ada", reason: "", plan: {}, ...data },
    })
  ).id;

const anItem = (runId: number, seq: number, data: { readonly reason?: string; readonly detail?: string }) =>
  prisma.replayItem.create({
    data: {
      runId,
      seq,
      sourceTopic: "orders-dlt",
      sourcePartition: 0,
      sourceOffset: 0n,
      targetTopic: "orders",
      status: "skipped",
      ...data,
    },
  });

describe("a run that is held up", () => {
  it("says what holds it, in words too", async () => {
    await aRun({ hold: WAIT });
    const [row] = await readReplayRows(prisma, { beforeId: null, limit: 1 });
    assert.deepEqual([row?.hold, row?.error], [WAIT, "waits for payments to be empty: app-1 on 10.0.0.7 is connected"]);
  });
  it("keeps the text of before there was such a field", async () => {
    await aRun({ error: "waits for payments to be empty: it is stable" });
    const [row] = await readReplayRows(prisma, { beforeId: null, limit: 1 });
    assert.deepEqual([row?.hold, row?.error], [null, "waits for payments to be empty: it is stable"]);
  });
});

describe("an item that is not sent", () => {
  it("says why, in words too", async () => {
    const id = await aRun({});
    await anItem(id, 0, { reason: "left_out_by_hand" });
    await anItem(id, 1, { detail: "the broker's own words" });
    assert.deepEqual(
      (await readReplayItems(prisma, id, { afterSeq: -1, limit: 10 })).map(({ reason, detail }) => [reason, detail]),
      [
        ["left_out_by_hand", "Left out by hand"],
        [null, "the broker's own words"],
      ],
    );
  });
  it("that was stored as a sentence gets the reason that has this sentence", async () => {
    const id = await aRun({});
    // What came later was never stored as a sentence.
    const sentences = ITEM_REASONS.filter((reason) => reason !== "target_not_confirmed" && reason !== "another_record");
    for (const [seq, reason] of sentences.entries()) await anItem(id, seq, { detail: ITEM_REASON_TEXT[reason] });
    const [, convert] = /(UPDATE replay_items[\s\S]+?;)/.exec(readFileSync(MIGRATION, "utf8")) ?? [];
    await postgres.database.pool.query(convert ?? "");
    assert.deepEqual(
      (await readReplayItems(prisma, id, { afterSeq: -1, limit: 20 })).map(({ reason }) => reason),
      sentences,
    );
  });
});
