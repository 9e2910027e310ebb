import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import type { ReplayPlanInput } from "#lib/contracts/replay-input.ts";
import type { OffsetResetPreview, SkipPreview } from "#lib/contracts/replay-preview.ts";
import type { PrismaClient } from "#lib/store/db/database.ts";
import { exportReplay } from "./replay-export.ts";

const ITEMS = 1203;
const GROUP = { cluster: "prod", group: "payments", members: [], emptySince: null, cli: "" };
const SKIP: SkipPreview = {
  kind: "skip",
  ...GROUP,
  topic: "orders",
  partition: 0,
  offset: "0",
  from: "0",
  to: "1",
  waitingBehind: "0",
  key: null,
  sizeBytes: 1,
  deadLetterTopic: "orders-dlt",
};
const RESET: OffsetResetPreview = {
  kind: "offset_reset",
  ...GROUP,
  partitions: [
    { topic: "orders", partition: 1, from: null, to: "12", logStart: "0", end: "30", seenAgain: "0", skipped: "0" },
    { topic: "orders", partition: 0, from: "30", to: "12", logStart: "0", end: "30", seenAgain: "18", skipped: "0" },
  ],
  seenAgain: "18",
  skipped: "0",
  notes: [],
};

let postgres: MigratedPostgres;
let prisma: PrismaClient;

async function aRun(preview: SkipPreview | OffsetResetPreview, input: ReplayPlanInput): Promise<number> {
  const { id } = await prisma.replayRun.create({
    data: {
      kind: preview.kind,
      status: "completed",
      clusterId: 1,
      groupName: "payments",
      createdBy: "ada",
      reason: "=cmd|' /C calc'!A0",
      plan: { token: "t", input, preview },
    },
  });
  await prisma.auditEntry.create({
    data: {
      actor: "grace",
      role: "operator",
      action: `replay.${preview.kind}.run`,
      target: `replay/${id}`,
      reason: "why",
    },
  });
  return id;
}

async function piecesOf(id: number, format: "csv" | "json"): Promise<string[]> {
  const found = await exportReplay({ prisma }, id, format);
  assert.ok(found.ok);
  const pieces: string[] = [];
  for await (const piece of found.value) pieces.push(piece);
  return pieces;
}

before(async () => {
  postgres = await startMigratedPostgres();
  prisma = postgres.database.prisma;
  await prisma.cluster.create({ data: { id: 1, name: "prod", system: "kafka" } });
});
after(() => postgres.stop());

describe("the export of a replay", () => {
  it("holds every item once, in order, a page at a time", async () => {
    const id = await aRun(SKIP, { kind: "skip", ...GROUP, topic: "orders", partition: 0, offset: "0" });
    await prisma.replayItem.createMany({
      data: Array.from({ length: ITEMS }, (_, seq) => ({
        runId: id,
        seq,
        sourceTopic: "orders",
        sourcePartition: 0,
        sourceOffset: BigInt(seq),
        targetTopic: "orders-dlt",
        key: seq === 7 ? '@sum("x"),\n1' : `cust-${seq}`,
      })),
    });
    const csv = await piecesOf(id, "csv");
    assert.ok(csv.length >= 3, "not in one piece");
    const lines = csv.join("").split("\r\n");
    assert.equal(lines.length, 1 + ITEMS + 1);
    assert.match(lines[0] ?? "", /^replay,kind,by,started_at,reason,item,source_topic,/);
    assert.match(
      lines[1] ?? "",
      new RegExp(
        `^${id},skip,grace,\\d{4}-[^,]+Z,'=cmd\\|' /C calc'!A0,0,orders,0,0,orders-dlt,,,cust-0,pending,,not_sent,,,,$`,
      ),
    );
    assert.match(csv.join(""), /,"'@sum\(""x""\),\n1",pending,/);
    assert.deepEqual(
      lines.slice(1, -1).map((line) => Number(line.split(",")[5])),
      Array.from({ length: ITEMS }, (_, seq) => seq),
    );

    const json = JSON.parse((await piecesOf(id, "json")).join("")) as {
      row: { id: number };
      log: { actor: string }[];
      items: { seq: number; key: string }[];
    };
    assert.deepEqual(
      [json.row.id, json.log.map(({ actor }) => actor), json.items.length, json.items[7]?.key],
      [id, ["grace"], ITEMS, '@sum("x"),\n1'],
    );
  });

  it("of a reset is what it moved", async () => {
    const id = await aRun(RESET, { kind: "offset_reset", ...GROUP, topics: [], to: { how: "offset", offset: "12" } });
    const lines = (await piecesOf(id, "csv")).join("").trimEnd().split("\r\n");
    assert.deepEqual(
      lines.map((line) => line.split(",").slice(5).join()),
      [
        "status,group,topic,partition,from_offset,to_offset,seen_again,skipped",
        "completed,payments,orders,1,,12,0,0",
        "completed,payments,orders,0,30,12,18,0",
      ],
    );
    assert.deepEqual((JSON.parse((await piecesOf(id, "json")).join("")) as { items: unknown[] }).items, []);
  });

  it("does not exist for what does not", async () => {
    const found = await exportReplay({ prisma }, 999, "csv");
    assert.equal(found.ok ? "" : found.error.code, "not_found");
  });
});
