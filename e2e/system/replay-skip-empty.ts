/** Skips for groups that have no members: why one is refused, and what a dead executor leaves. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { openBroker } from "#lib/brokers/open.ts";
import { runReplay } from "#lib/commands/change-replay.ts";
import { planReplay } from "#lib/commands/plan-replay.ts";
import { skipHeaders } from "#lib/domain/replay/skip.ts";
import { claimRun } from "#lib/store/replays/claimed-run.ts";
import { openLog } from "#lib/telemetry/log.ts";
import { aTopic, assertOneCopy, openSkipSteps, OPERATOR, WHY } from "./replay-skip-steps.ts";
import { killNow, type World } from "./replay-world.ts";

const log = openLog("test");
log.level = "silent";

export function testSkips(given: () => World): void {
  let world: World;
  const { planSkip, drafted, ended, stands } = openSkipSteps(given);

  describe("a skip", () => {
    before(() => {
      world = given();
    });

    it("says in words why it cannot be", async () => {
      await aTopic(world, "said");
      await world.createTopic("bare", 1);
      const words = async (input: {
        offset?: string;
        topic?: string;
        group?: string;
        deadLetterTopic?: string;
      }): Promise<string> => {
        const made = await planReplay(
          world.deps,
          { kind: "skip", cluster: "kafka", group: "said", topic: "said", partition: 0, offset: "2", ...input },
          OPERATOR,
        );
        return made.ok ? "" : made.error.message;
      };
      assert.match(await words({}), /^said has never committed on said\[0\]/);
      await world.inspector.resetOffsets("said", [{ topic: "said", partition: 0, offset: 2n }]);
      assert.match(await words({ offset: "1" }), /^said is past offset 1 of said\[0\] already: it stands at 2\.$/);
      assert.match(
        await words({ offset: "5" }),
        /^Offset 5 of said\[0\] is not the next event for said: it stands at 2, and the event at 2 comes first/,
      );
      const create = String.raw`kafka-topics\.sh .+ --create --topic none --partitions 1`;
      assert.match(
        await words({ deadLetterTopic: "none" }),
        new RegExp(String.raw`^There is no topic none to keep the copy in\. Choose another, or create it: ${create}$`),
      );
      assert.match(await words({ deadLetterTopic: "said" }), /^The copy must go to another topic/);
      assert.match(await words({ topic: "nowhere" }), /^There is no nowhere\[0\] on kafka\.$/);
      const { prisma } = world.database;
      const [source, deadLetters] = await Promise.all(
        ["said", "bare"].map((name) => prisma.destination.findFirstOrThrow({ where: { name } })),
      );
      await prisma.failure.create({
        data: {
          clusterId: source!.clusterId,
          destinationId: deadLetters!.id,
          partition: 0,
          position: 0n,
          failedAt: new Date(),
          storedAt: new Date(),
          format: "spring",
          fingerprint: "f",
          title: "t",
          groupName: "said",
          originalDestination: "said",
          originalDestinationId: source!.id,
        },
      });
      const made = await planSkip("said", "2");
      assert.ok(made.ok && made.value.preview.kind === "skip");
      assert.deepEqual(
        [
          made.value.preview.deadLetterTopic,
          made.value.preview.to,
          made.value.preview.waitingBehind,
          made.value.preview.key,
        ],
        ["bare", "3", "7", "cust-2"],
        "where the group's dead letters go",
      );
    });

    it("is done once, wherever its executor died", async () => {
      const begun: number[] = [];
      const deaths = ["marked", "copied", "moved"] as const;
      for (const death of deaths) {
        await aTopic(world, death);
        await world.inspector.resetOffsets(death, [{ topic: death, partition: 0, offset: 2n }]);
        const id = await drafted(death);
        assert.ok((await runReplay(world.deps, id, WHY, OPERATOR)).ok);
        const claimed = await claimRun(world.database, id);
        assert.ok(claimed);
        await claimed.begin();
        assert.ok(await claimed.items.markSending([0], { endsBefore: {} }));
        if (death !== "marked") {
          const publisher = await openBroker(world.cluster).openPublisher(`flowtap-replay-${claimed.wireName}`);
          const [event] = (await world.readAll(death)).filter(({ offset }) => offset === 2n);
          const headers = skipHeaders(
            event?.headers ?? [],
            {
              origin: { topic: death, partition: 0, offset: 2n },
              timestampMs: event?.timestampMs ?? 0,
              group: death,
              by: "ada",
              why: WHY,
            },
            { run: claimed.wireName, item: 0 },
          );
          const placed = await publisher.publish([
            {
              topic: `${death}.flowtap-dlt`,
              partition: null,
              key: event?.key ?? null,
              value: event?.value ?? null,
              headers,
            },
          ]);
          await publisher.close();
          if (death === "moved") {
            await claimed.items.markSent(placed.map((at) => ({ ...at, seq: 0 })));
            await world.inspector.resetOffsets(death, [{ topic: death, partition: 0, offset: 3n }]);
          }
        }
        await claimed.release();
        begun.push(id);
      }
      const runner = world.startRunner();
      for (const [i, death] of deaths.entries()) {
        const done = await ended(begun[i] as number);
        assert.deepEqual([done.row.status, done.row.error, await stands(death)], ["completed", null, "3"], death);
        await assertOneCopy(world, death, WHY);
      }
      await killNow(runner);
    });
  });
}
