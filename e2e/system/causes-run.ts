/** Breaks and mends all services side by side, and records what was reported about each. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Cause } from "#lib/domain/health/cause.ts";
import type { Scenario } from "./causes-service.ts";
import type { CausesWorld } from "./causes-world.ts";
import type { CausesWatch, Reported } from "./causes-watch.ts";

export interface Outcome {
  readonly scenario: Scenario;
  readonly spoiledAtMs: number;
  /** null: never */
  readonly namedAtMs: number | null;
  readonly mendingAtMs: number;
  readonly clearedAtMs: number | null;
  /** causes that were reported although they were not true */
  readonly falseClaims: readonly FalseClaim[];
}

export interface FalseClaim {
  readonly cause: Cause;
  readonly secondsAfterSpoiled: number;
  readonly sentence: string;
}

const SETTLE_MS = 90_000;
const KEEPS_UP_MS = 3000;
const QUIET_MS = 10_000;
/** longer than promised, so that a late answer counts as late and not as missing */
const NAME_MS = 90_000;
const HOLD_MS = 8000;
const CLEAR_MS = 120_000;

export async function runScenarios(
  world: CausesWorld,
  scenarios: readonly Scenario[],
  watch: CausesWatch,
): Promise<Outcome[]> {
  await world.createTopics(
    scenarios.flatMap(({ group, partitions }) =>
      partitions === 0 ? [] : [{ topic: group, numPartitions: partitions }],
    ),
  );
  await Promise.all(scenarios.map((scenario) => scenario.prepare()));
  await Promise.all(scenarios.map((scenario) => scenario.feed()));
  const settlingMs = Date.now();
  await sleep(QUIET_MS);
  // Each group is healthy before its trouble begins. Groups that have not started at all are not known yet.
  await Promise.all(
    scenarios.map(async ({ cluster, group, isBehind = false }) => {
      if (watch.of(cluster, group).length === 0) return;
      const atMs = await watch.untilReported(
        cluster,
        group,
        settlingMs + QUIET_MS,
        SETTLE_MS,
        (row) => row.verdict === "ok" && row.cause === null && (isBehind || (row.timeLagMs ?? 0) < KEEPS_UP_MS),
      );
      if (atMs === null) throw new Error(`${group} is not well from the start`);
    }),
  );

  const spoiledAtMs = Date.now();
  const named = await Promise.all(
    scenarios.map(async (scenario) => {
      const { cluster, group, cause } = scenario;
      const startedAtMs = Date.now();
      await scenario.spoil();
      return {
        startedAtMs,
        namedAtMs:
          cause === null
            ? null
            : await watch.untilReported(cluster, group, startedAtMs, NAME_MS, (row) => row.cause?.cause === cause),
      };
    }),
  );
  await sleep(HOLD_MS);

  const mended = await Promise.all(
    scenarios.map(async (scenario) => {
      const { cluster, group, cause } = scenario;
      const mendingAtMs = Date.now();
      await scenario.mend();
      const mendedAtMs = Date.now();
      const clearedAtMs =
        cause === null
          ? null
          : await watch.untilReported(
              cluster,
              group,
              mendedAtMs,
              CLEAR_MS,
              (row) => row.cause === null && row.verdict === "ok",
            );
      return { mendingAtMs, clearedAtMs };
    }),
  );
  await sleep(HOLD_MS);
  return scenarios.map((scenario, i) => {
    const { startedAtMs = spoiledAtMs, namedAtMs = null } = named[i] ?? {};
    const { mendingAtMs = spoiledAtMs, clearedAtMs = null } = mended[i] ?? {};
    return {
      scenario,
      spoiledAtMs: startedAtMs,
      namedAtMs,
      mendingAtMs,
      clearedAtMs,
      falseClaims: falseClaims(scenario, watch.of(scenario.cluster, scenario.group), startedAtMs, mendingAtMs),
    };
  });
}

/** True are: before the trouble no cause, then its own, and during the mending also those that mending produces. */
function falseClaims(
  { cause, whileMending = [] }: Scenario,
  reported: readonly Reported[],
  spoiledAtMs: number,
  mendingAtMs: number,
): FalseClaim[] {
  const claims = reported.flatMap(({ atMs, row }) => {
    if (row.cause === null) return [];
    const isTrue =
      (row.cause.cause === cause && atMs >= spoiledAtMs) ||
      (whileMending.includes(row.cause.cause) && atMs >= mendingAtMs);
    return isTrue
      ? []
      : [
          {
            cause: row.cause.cause,
            secondsAfterSpoiled: Math.round((atMs - spoiledAtMs) / 1000),
            sentence: row.cause.sentence,
          },
        ];
  });
  return claims.filter((claim, i) => claim.cause !== claims[i - 1]?.cause);
}
