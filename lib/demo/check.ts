/**
 * `--check`: asks the API until what the demo promises is there, and says in one JSON line what was
 * found or is missing.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { FailuresView } from "#lib/contracts/failures.ts";
import { FlowGraphView } from "#lib/contracts/flow.ts";
import { GroupsView } from "#lib/contracts/groups.ts";
import { TracesView } from "#lib/contracts/traces.ts";

const TIMEOUT_MS = 150_000;
const ASK_EVERY_MS = 2_000;
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

type Finding = { found: Record<string, unknown>; missing: string[] };
type Probe = (url: string) => Promise<Finding>;

const PROBES: readonly Probe[] = [flowGraph, lag, deadLetters, traces];

export interface CheckOutcome {
  readonly ok: boolean;
  readonly seconds: number;
  readonly found: Record<string, unknown>;
  readonly missing: string[];
}

export async function check(webUrl: string, controlUrl: string): Promise<CheckOutcome> {
  const sinceMs = Date.now();
  await turnFault(controlUrl, "failing-payments", true);
  let outcome: CheckOutcome;
  try {
    for (;;) {
      outcome = await lookOnce(webUrl, sinceMs);
      if (outcome.ok || Date.now() - sinceMs > TIMEOUT_MS) return outcome;
      // A few dead letters are enough.
      if ("deadLetters" in outcome.found) await turnFault(controlUrl, "failing-payments", false);
      await sleep(ASK_EVERY_MS);
    }
  } finally {
    await turnFault(controlUrl, "failing-payments", false);
  }
}

async function lookOnce(webUrl: string, sinceMs: number): Promise<CheckOutcome> {
  const findings = await Promise.all(
    PROBES.map((probe) =>
      probe(webUrl).catch(
        (error: unknown): Finding => ({ found: {}, missing: [`${probe.name}: ${(error as Error).message}`] }),
      ),
    ),
  );
  const missing = findings.flatMap((finding) => finding.missing);
  return {
    ok: missing.length === 0,
    seconds: Math.round((Date.now() - sinceMs) / 1_000),
    found: Object.assign({}, ...findings.map(({ found }) => found)) as Record<string, unknown>,
    missing,
  };
}

async function ask<T extends z.ZodType>(url: string, shape: T): Promise<z.infer<T>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}`);
  return shape.parse(await response.json());
}

/** `s:orders` → orders, `t:demo/orders` → orders */
const plainName = (nodeId: string): string => nodeId.slice(nodeId.indexOf(nodeId.startsWith("s:") ? ":" : "/") + 1);

async function flowGraph(webUrl: string): Promise<Finding> {
  const graph = await ask(`${webUrl}/api/flow`, FlowGraphView);
  const edgesOf = (kind: string) =>
    graph.edges.filter((edge) => edge.kind === kind).map((edge) => `${plainName(edge.from)}>${plainName(edge.to)}`);
  const lacking = (kind: string, expected: readonly string[]) => {
    const there = new Set(edgesOf(kind));
    return expected.filter((edge) => !there.has(edge)).map((edge) => `${kind} edge ${edge}`);
  };
  return {
    found: {
      nodes: graph.nodes.length,
      publishEdges: edgesOf("publish").length,
      consumeEdges: edgesOf("consume").length,
      causeEdges: edgesOf("cause").length,
    },
    missing: [...lacking("publish", PUBLISHES), ...lacking("consume", CONSUMES), ...lacking("cause", CAUSES)],
  };
}

async function lag(webUrl: string): Promise<Finding> {
  const { items } = await ask(`${webUrl}/api/groups?limit=100`, GroupsView);
  const judged = new Map(items.filter((row) => row.evaluatedAt !== null).map((row) => [row.group, row.lagMessages]));
  return {
    found: { groupsWithLag: judged.size },
    missing: GROUPS.filter((group) => !judged.has(group)).map((group) => `lag of group ${group}`),
  };
}

async function deadLetters(webUrl: string): Promise<Finding> {
  const { items } = await ask(`${webUrl}/api/failures`, FailuresView);
  const ours = items.filter((row) => row.groups.includes("payments"));
  const [first] = ours;
  if (first === undefined) return { found: {}, missing: ["a dead letter of group payments"] };
  return {
    found: {
      deadLetters: ours.reduce((sum, row) => sum + row.events, 0),
      rootCauses: ours.length,
      firstDeadLetter: first.title,
    },
    missing: [],
  };
}

async function traces(webUrl: string): Promise<Finding> {
  const { items } = await ask(`${webUrl}/api/traces?limit=200`, TracesView);
  const widest = items.toSorted((a, b) => b.services.length - a.services.length)[0];
  if (widest === undefined || widest.services.length < 3)
    return { found: {}, missing: ["a trace through three services"] };
  return { found: { traceId: widest.traceId, traceServices: widest.services }, missing: [] };
}

async function turnFault(controlUrl: string, name: string, on: boolean): Promise<void> {
  await fetch(`${controlUrl}/faults/${name}`, {
    method: "POST",
    body: JSON.stringify({ on }),
    signal: AbortSignal.timeout(10_000),
  });
}
