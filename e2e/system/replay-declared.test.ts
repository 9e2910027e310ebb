/**
 * What people declare for replays in the configuration, through the API of a real web process: idempotent groups, and
 * schemas of bodies.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { FailureGroupView } from "#lib/contracts/failures.ts";
import { openDeclaredWeb, type DeclaredWeb } from "./replay-declared-web.ts";
import { testSchemas } from "./replay-schemas.ts";
import { dead, redriveOf, WHY } from "./replay-steps.ts";

let web: DeclaredWeb;
before(async () => {
  web = await openDeclaredWeb();
});
after(() => web.stop());

describe("what the configuration declares for replays", () => {
  it("which groups are idempotent stands in the plan, its command, the audit and the export", async () => {
    const { world, ask, plan } = web;
    const { prisma } = world.database;
    await world.bury("announced", dead(3, "fp-announced"));
    const target = await prisma.destination.findFirstOrThrow({ where: { name: "announced" } });
    for (const name of ["payments", "analytics", "audit-eu", "billing"]) {
      const { id } = await prisma.consumerGroup.create({ data: { clusterId: target.clusterId, name } });
      await prisma.groupPartition.create({
        data: { groupId: id, destinationId: target.id, partition: 0, committedOffset: 0n },
      });
    }
    const { id, preview } = await plan(redriveOf("fp-announced", 1000));
    assert.deepEqual(
      preview.targets[0]?.receivers.map(
        ({ group, failedThere, declaredIdempotent }) => `${group} ${failedThere} ${declaredIdempotent}`,
      ),
      ["analytics false true", "audit-eu false true", "billing false false", "payments true false"],
    );
    const readers = [
      String.raw`analytics \(declared idempotent\)`,
      String.raw`audit-eu \(declared idempotent\)`,
      String.raw`billing \(not known to be idempotent\)`,
      String.raw`payments \(failed on them, not known to be idempotent\)`,
    ].join(", ");
    assert.match(preview.cli, new RegExp(String.raw`^# announced is read by ${readers}\.$`, "m"));
    assert.ok((await ask(`/api/replays/${id}/run`, { reason: WHY })).ok);
    const { detail } = await prisma.auditEntry.findFirstOrThrow({
      where: { target: `replay/${id}`, action: "replay.redrive.run" },
    });
    assert.deepEqual((detail as { receivers: string[] }).receivers.slice(0, 3), [
      "announced: analytics (declared idempotent)",
      "announced: audit-eu (declared idempotent)",
      "announced: billing (not known to be idempotent)",
    ]);
    assert.match(
      await (await ask(`/api/replays/${id}/export`)).text(),
      /,"analytics \(declared idempotent\), audit-eu /,
    );
    assert.ok((await ask(`/api/replays/${id}/cancel`, {})).ok);
  });

  it("of dead letters that name no group, the only reader of their topic is probably theirs; of several, none is", async () => {
    const { world, ask, plan } = web;
    const { prisma } = world.database;
    await world.bury("clicks", dead(2, "fp-clicks"));
    await prisma.failure.updateMany({ where: { fingerprint: "fp-clicks" }, data: { groupName: null } });
    const { id: destinationId, clusterId } = await prisma.destination.findFirstOrThrow({ where: { name: "clicks" } });
    const reads = async (name: string) => {
      const { id } = await prisma.consumerGroup.upsert({
        where: { clusterId_name: { clusterId, name } },
        create: { clusterId, name },
        update: {},
      });
      await prisma.groupPartition.create({ data: { groupId: id, destinationId, partition: 0, committedOffset: 0n } });
    };
    const probably = async () => [
      (await plan(redriveOf("fp-clicks", 1000))).preview.targets[0]?.receivers.map(
        ({ group, probablyFailedThere }) => `${group} ${probablyFailedThere}`,
      ),
      FailureGroupView.parse(await (await ask("/api/failures/fp-clicks")).json()).onlyReader,
    ];
    assert.deepEqual(await probably(), [[], null]);
    await reads("click-counter");
    assert.deepEqual(await probably(), [["click-counter true"], "click-counter"]);
    await reads("billing");
    assert.deepEqual(await probably(), [["billing false", "click-counter false"], null]);
  });
});

testSchemas(() => web);
