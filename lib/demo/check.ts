/**
 * `--check`: polls the API until everything that the demo promises is there; the outcome is printed as
 * one line of JSON.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { FailuresView } from "#lib/contracts/failures.ts";
import { FlowGraphView } from "#lib/contracts/flow.ts";
import { GroupsView } from "#lib/contracts/groups.ts";
import { TracesView } from "#lib/contracts/traces.ts";

const TIMEOUT_MS = 150_000;
const POLL_INTERVAL_MS = 2_000;
const GROUPS = ["orders", "payments", "inventory", "shipping", "notifications", "analytics", "olf"] as const;
const PUBLISHES = [
  "orders>orders",
  "payments>payments",
  "inventory>inventory",
  "shipping>shipping",
  "notifications>notifications",
  "customer>customer.events",
] as const;
const CONSUMES = [
  ...["payments>orders", "inventory>orders", "shipping>orders"],
  ...["orders>payments", "inventory>payments"],
  ...["payments>inventory", "inventory>shipping"],
  ...["orders>notifications", "shipping>notifications"],
  ...["orders>analytics", "payments>analytics", "customer.events>analytics"],
  ...["orders>olf", "payments>olf", "inventory>olf", "shipping>olf", "notifications>olf", "customer.events>olf"],
] as const;
const CAUSES = ["orders>payments", "payments>inventory", "payments>orders"] as const;

type ProbeResult = { found: Record<string, unknown>; missing: string[] };
type Probe = (url: string) => Promise<ProbeResult>;

const PROBES: readonly Probe[] = [flowGraph, lag, deadLetters, traces];

export interface CheckOutcome {
  readonly ok: boolean;
  readonly seconds: number;
  readonly found: Record<string, unknown>;
  readonly missing: string[];
}

export async function check(webUrl: string, controlUrl: string): Promise<CheckOutcome> {
  const sinceMs = Date.now();
  await setFault(controlUrl, "failing-payments", true);
  let outcome: CheckOutcome;
  try {
    for (;;) {
      outcome = await runProbes(webUrl, sinceMs);
      if (outcome.ok || Date.now() - sinceMs > TIMEOUT_MS) return outcome;
      // A few dead letters are enough, so the fault is turned off early.
      if ("deadLetters" in outcome.found) await setFault(controlUrl, "failing-payments", false);
      await sleep(POLL_INTERVAL_MS);
    }
  } finally {
    await setFault(controlUrl, "failing-payments", false);
  }
}

async function runProbes(webUrl: string, sinceMs: number): Promise<CheckOutcome> {
  const results = await Promise.all(
    PROBES.map((probe) =>
      probe(webUrl).catch(
        (error: unknown): ProbeResult => ({ found: {}, missing: [`${probe.name}: ${(error as Error).message}`] }),
      ),
    ),
  );
  const missing = results.flatMap((result) => result.missing);
  return {
    ok: missing.length === 0,
    seconds: Math.round((Date.now() - sinceMs) / 1_000),
    found: Object.assign({}, ...results.map(({ found }) => found)) as Record<string, unknown>,
    missing,
  };
}

async function getJson<T extends z.ZodType>(url: string, shape: T): Promise<z.infer<T>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}`);
  return shape.parse(await response.json());
}

/** `s:orders` → orders, `t:demo/orders` → orders */
const plainName = (nodeId: string): string => nodeId.slice(nodeId.indexOf(nodeId.startsWith("s:") ? ":" : "/") + 1);

async function flowGraph(webUrl: string): Promise<ProbeResult> {
  const graph = await getJson(`${webUrl}/api/flow`, FlowGraphView);
  const edgesOf = (kind: string) =>
    graph.edges.filter((edge) => edge.kind === kind).map((edge) => `${plainName(edge.from)}>${plainName(edge.to)}`);
  const missingOf = (kind: string, expected: readonly string[]) => {
    const existing = new Set(edgesOf(kind));
    return expected.filter((edge) => !existing.has(edge)).map((edge) => `${kind} edge ${edge}`);
  };
  return {
    found: {
      nodes: graph.nodes.length,
      publishEdges: edgesOf("publish").length,
      consumeEdges: edgesOf("consume").length,
      causeEdges: edgesOf("cause").length,
    },
    missing: [...missingOf("publish", PUBLISHES), ...missingOf("consume", CONSUMES), ...missingOf("cause", CAUSES)],
  };
}

async function lag(webUrl: string): Promise<ProbeResult> {
  const { items } = await getJson(`${webUrl}/api/groups?limit=100`, GroupsView);
  const evaluated = new Map(items.filter((row) => row.evaluatedAt !== null).map((row) => [row.group, row.lagMessages]));
  return {
    found: { groupsWithLag: evaluated.size },
    missing: GROUPS.filter((group) => !evaluated.has(group)).map((group) => `lag of group ${group}`),
  };
}

async function deadLetters(webUrl: string): Promise<ProbeResult> {
  const { items } = await getJson(`${webUrl}/api/failures`, FailuresView);
  const ofPayments = items.filter((row) => row.groups.includes("payments"));
  const [first] = ofPayments;
  if (first === undefined) return { found: {}, missing: ["a dead letter of group payments"] };
  return {
    found: {
      deadLetters: ofPayments.reduce((sum, row) => sum + row.events, 0),
      rootCauses: ofPayments.length,
      firstDeadLetter: first.title,
    },
    missing: [],
  };
}

async function traces(webUrl: string): Promise<ProbeResult> {
  const { items } = await getJson(`${webUrl}/api/traces?limit=200`, TracesView);
  const widest = items.toSorted((a, b) => b.services.length - a.services.length)[0];
  if (widest === undefined || widest.services.length < 3)
    return { found: {}, missing: ["a trace through three services"] };
  return { found: { traceId: widest.traceId, traceServices: widest.services }, missing: [] };
}

async function setFault(controlUrl: string, name: string, on: boolean): Promise<void> {
  await fetch(`${controlUrl}/faults/${name}`, {
    method: "POST",
    body: JSON.stringify({ on }),
    signal: AbortSignal.timeout(10_000),
  });
}
