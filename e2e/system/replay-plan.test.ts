import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { chooseReplayItems } from "#lib/commands/choose-items.ts";
import { editReplayItem } from "#lib/commands/edit-item.ts";
import { runReplay } from "#lib/commands/change-replay.ts";
import type { ReplayPlanInput } from "#lib/contracts/replay-input.ts";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { testChecks } from "./replay-checks.ts";
import { fillChoices } from "./replay-choices.ts";
import { testNamed } from "./replay-named.ts";
import { testOvertaken } from "./replay-overtaken.ts";
import { testSandbox } from "./replay-sandbox.ts";
import { testSelections } from "./replay-selections.ts";
import { dead, ended, OPERATOR, plan, redriveOf, see, text, WHY } from "./replay-steps.ts";
import { killNow, openWorld, type World } from "./replay-world.ts";

let world: World;
before(async () => {
  world = await openWorld();
  await ensurePartitions(world.database.pool, new Date());
});
after(() => world.stop());

describe("a plan", () => {
  it("leaves a draft's items out that another run has sent since", async () => {
    await world.bury("twice", dead(5, "fp-twice"));
    const [one, two] = [await plan(world, redriveOf("fp-twice", 1000)), await plan(world, redriveOf("fp-twice", 1000))];
    assert.ok((await runReplay(world.deps, one.row.id, WHY, OPERATOR)).ok);
    const late = await runReplay(world.deps, two.row.id, WHY, OPERATOR);
    assert.match(late.ok ? "" : late.error.message, /^Nothing is left to send/);
    assert.equal((await see(world, two.row.id)).row.status, "draft", "the refusal undid itself");
  });

  it("is not run when somebody has changed it since it was reviewed", async () => {
    await world.bury("reviewed", dead(3, "fp-reviewed"));
    const { row } = await plan(world, redriveOf("fp-reviewed", 1000));
    const unchanged = { setHeaders: [], removeHeaders: [], despiteSchema: false };
    const edit = { ...unchanged, body: "{}", format: "json" } as const;
    const other = { name: "other", role: "operator" } as const;
    assert.ok((await editReplayItem(world.deps, { id: row.id, seq: 0 }, edit, other)).ok);
    assert.ok((await chooseReplayItems(world.deps, row.id, { stale: "send" }, other)).ok);
    const refused = await runReplay(world.deps, row.id, WHY, OPERATOR, { revision: row.revision });
    assert.deepEqual(refused.ok ? null : refused.error, {
      code: "conflict",
      message:
        `Replay ${row.id} was changed while you looked at it (revision ${row.revision + 2} by now). ` +
        "Read it once more, then run it.",
    });
    const now = await see(world, row.id);
    assert.deepEqual([now.row.status, now.row.revision], ["draft", row.revision + 2]);
    assert.ok((await runReplay(world.deps, row.id, WHY, OPERATOR, { revision: now.row.revision })).ok);
  });

  it("goes to one group: by its own retry topic, else with a header that the others filter on", async () => {
    const { prisma } = world.database;
    await world.bury("one", dead(4, "fp-one"));
    const toPayments = { ...redriveOf("fp-one", 1000), to: { how: "group", group: "payments" } } as ReplayPlanInput;
    const byHeader = await plan(world, toPayments);
    assert.ok(byHeader.preview.kind === "redrive");
    assert.deepEqual(
      [byHeader.row.group, byHeader.preview.targets.map(({ topic, by }) => [topic, by])],
      ["payments", [["one", "header"]]],
    );
    await world.createTopic("one-retry", 2);
    const retry = await prisma.destination.update({
      where: { clusterId_name: { clusterId: (await prisma.cluster.findFirstOrThrow()).id, name: "one-retry" } },
      data: { role: "retry" },
    });
    const reader = await prisma.consumerGroup.create({
      data: { clusterId: retry.clusterId, name: "payments-retry-0" },
    });
    await prisma.groupPartition.createMany({
      data: [0, 1].map((partition) => ({
        groupId: reader.id,
        destinationId: retry.id,
        partition,
        committedOffset: 0n,
      })),
    });
    const byTopic = await plan(world, toPayments);
    assert.ok(byTopic.preview.kind === "redrive");
    assert.deepEqual(
      byTopic.preview.targets.map(({ topic, by, receivers }) => [topic, by, receivers]),
      [
        [
          "one-retry",
          "retry_topic",
          [
            {
              group: "payments-retry-0",
              failedThere: true,
              probablyFailedThere: false,
              declaredIdempotent: false,
              trouble: null,
            },
          ],
        ],
      ],
    );
    assert.ok((await runReplay(world.deps, byHeader.row.id, WHY, OPERATOR)).ok);
    const runner = world.startRunner();
    await ended(world, byHeader.row.id);
    await killNow(runner);
    const [first] = await world.readAll("one");
    assert.equal(text(first?.headers.find(([name]) => name === "flowtap-target-group")?.[1]), "payments");
    await prisma.consumerGroup.delete({ where: { id: reader.id } });
  });
});

testNamed(() => world);
testOvertaken(() => world);

let filling: ReturnType<typeof fillChoices> | undefined;
const filled = () => (filling ??= fillChoices(world));
testSelections(() => world, filled);
testChecks(() => world, filled);
testSandbox(() => world, filled);
