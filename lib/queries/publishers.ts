import type { PublishersView } from "#lib/contracts/publishers.ts";
import { publisherCandidates, type ProducerFacts } from "#lib/domain/publisher/candidates.ts";
import { ok } from "#lib/domain/result.ts";
import { topicMatches } from "#lib/domain/text/glob.ts";
import { readProducerFacts, type ProducerColumns } from "#lib/store/publishers/facts-read.ts";
import { readTakenOverRules } from "#lib/store/publishers/taken-over.ts";
import type { Answer, QueryDeps } from "./deps.ts";

/** The most recent rows that are looked through, and the candidates that are shown. */
const MAX_ROWS = 20_000;
const MAX_CANDIDATES = 200;

/** Who seems to publish what; of what the configuration says or was taken over, nothing is proposed again. */
export async function getPublishers(deps: QueryDeps): Answer<PublishersView> {
  const [rows, taken] = await Promise.all([readProducerFacts(deps.prisma, MAX_ROWS), readTakenOverRules(deps.prisma)]);
  const isDeclared = ({ kind, name }: { readonly kind: string; readonly name: string }) =>
    taken.some((rule) => rule.kind === kind && rule.name === name) ||
    (kind === "topic" && deps.rules.producers.some(({ topic }) => topicMatches(topic, name)));
  const candidates = [...Map.groupBy(rows, ({ cluster }) => cluster)].flatMap(([cluster, own]) =>
    publisherCandidates(
      factsOf(own),
      new Set(own.filter(({ producerId }) => producerId < 0n).map(({ topic }) => topic)),
    ).map(({ firstAtMs, lastAtMs, rules, topics, ...candidate }) => ({
      cluster,
      ...candidate,
      topics: [...topics],
      firstAt: new Date(firstAtMs).toISOString(),
      lastAt: new Date(lastAtMs).toISOString(),
      rules: rules.filter((rule) => !isDeclared(rule)),
    })),
  );
  const records = ({ topics }: (typeof candidates)[number]) => topics.reduce((sum, topic) => sum + topic.records, 0);
  return ok({
    candidates: candidates
      .filter(({ rules }) => rules.length > 0)
      .sort((a, b) => records(b) - records(a))
      .slice(0, MAX_CANDIDATES),
    rules: taken.map(({ kind, name, service, createdBy, createdAt }) => ({
      kind,
      name,
      service,
      createdBy,
      createdAt: createdAt.toISOString(),
    })),
  });
}

function factsOf(rows: readonly ProducerColumns[]): ProducerFacts[] {
  const known = rows.filter(({ producerId }) => producerId >= 0n);
  return [...Map.groupBy(known, ({ producerId }) => producerId).values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    return {
      service: first.service,
      group: first.group,
      groupService: first.groupService,
      isGroupExact: first.isGroupExact,
      destinations: own.map(({ topic, records, namedRecords }) => ({
        topic,
        records: Number(records),
        namedRecords: Number(namedRecords),
      })),
      firstAtMs: Math.min(...own.map(({ firstAt }) => firstAt.getTime())),
      lastAtMs: Math.max(...own.map(({ lastAt }) => lastAt.getTime())),
    };
  });
}
