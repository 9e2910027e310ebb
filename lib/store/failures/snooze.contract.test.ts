import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { HOUR_MS, NOW_MS, startPostgresForFailures } from "#e2e/stack/failures.ts";
import { mergeFailures, resolveFailures, snoozeFailures } from "#lib/commands/failures.ts";
import { getPulse } from "#lib/queries/pulse.ts";

const OPS = { name: "mia", role: "operator" } as const;
const WHY = { reason: "fixed in 1.4" };

describe("a snoozed failure", () => {
  let stored: Awaited<ReturnType<typeof startPostgresForFailures>>;
  before(async () => {
    stored = await startPostgresForFailures();
  });
  after(() => stored.stop());
  beforeEach(() => stored.clear());

  it("is hidden until its snooze ends, or until it is worse", async () => {
    const { prisma, fail, list, names, done } = stored;
    await fail("a", 4, HOUR_MS);
    await fail("calm", 20, HOUR_MS + 60_000);
    const until = new Date(NOW_MS + 8 * HOUR_MS).toISOString();
    for (const fingerprint of ["a", "calm"])
      await done(snoozeFailures({ prisma }, fingerprint, { until, ...WHY }, OPS, NOW_MS - HOUR_MS / 2));
    assert.deepEqual([await names({ state: "open" }), await names({ state: "snoozed" })], [[], ["a", "calm"]]);
    for (const fingerprint of ["a", "calm"]) await fail(fingerprint, 10, 0);
    assert.deepEqual([await names({ state: "open" }), await names({ state: "snoozed" })], [["a"], ["calm"]]);
    assert.equal((await list({ state: "open" }))[0]?.triage?.reopened, "got_worse");
    const later = NOW_MS + 9 * HOUR_MS;
    assert.deepEqual(
      (await list({ state: "open" }, later)).map(({ fingerprint, triage }) => [fingerprint, triage?.reopened]),
      [
        ["a", "snooze_over"],
        ["calm", "snooze_over"],
      ],
    );
    const past = await snoozeFailures({ prisma }, "a", { until: new Date(NOW_MS).toISOString(), ...WHY }, OPS, NOW_MS);
    assert.equal(past.ok ? "" : past.error.fields?.[0]?.path, "until");
  });

  it("is not counted in the menu while it is snoozed, nor what is merged into it", async () => {
    const { prisma, fail, at, done } = stored;
    const counted = async (nowMs = NOW_MS) => (await getPulse(at(nowMs))).pulse.counts.failuresOpen;
    await fail("a", 4, HOUR_MS);
    await fail("merged", 3, HOUR_MS);
    await fail("done", 2, HOUR_MS);
    await fail("b", 1, HOUR_MS);
    await done(mergeFailures({ prisma }, "merged", { into: "a", ...WHY }, OPS, NOW_MS));
    await done(resolveFailures({ prisma }, "done", WHY, OPS, NOW_MS));
    assert.equal(await counted(), 8);
    await done(
      snoozeFailures({ prisma }, "a", { until: new Date(NOW_MS + HOUR_MS).toISOString(), ...WHY }, OPS, NOW_MS),
    );
    assert.deepEqual([await counted(), await counted(NOW_MS + 2 * HOUR_MS)], [1, 8]);
  });
});
