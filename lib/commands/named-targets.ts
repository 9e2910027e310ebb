/** Targets that only the headers of dead letters name: nothing goes there before an operator has confirmed it. */
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";
import { namedTargetKey } from "#lib/domain/replay/choice.ts";
import type { RedriveItem } from "#lib/domain/replay/redrive.ts";
import { isUsualSource } from "#lib/domain/replay/usual-source.ts";
import { readNamedSources } from "#lib/store/replays/named-sources.ts";
import type { CommandDeps } from "./deps.ts";

export async function namedTargetsOf(
  { prisma, declaredSourceOf }: CommandDeps,
  cluster: string,
  items: readonly RedriveItem[],
  exists: (topic: string) => boolean,
): Promise<RedrivePreview["namedTargets"]> {
  const deadLetters = items.filter(({ event }) => event.isDeadLetter);
  const topics = [...new Set(deadLetters.map(({ event }) => event.sourceTopic))];
  if (topics.length === 0) return [];
  const named = await readNamedSources(prisma, cluster, topics);
  const known = new Map<string, boolean>();
  const isUsual = (topic: string, source: string): boolean => {
    const pair = JSON.stringify([topic, source]);
    const usual =
      known.get(pair) ??
      isUsualSource(topic, source, { declared: declaredSourceOf(topic), exists, named: named.get(topic) ?? new Map() });
    known.set(pair, usual);
    return usual;
  };
  const unusual = deadLetters.filter(
    ({ event: { sourceTopic, originalTopic } }) => originalTopic !== null && !isUsual(sourceTopic, originalTopic),
  );
  return [
    ...Map.groupBy(unusual, ({ event: { sourceTopic: source }, targetTopic: topic }) =>
      namedTargetKey({ source, topic }),
    ).values(),
  ].flatMap((own) =>
    own.slice(0, 1).map(({ event, targetTopic }) => ({
      source: event.sourceTopic,
      topic: targetTopic,
      items: own.length,
      confirmed: false,
    })),
  );
}
