/**
 * Whether a dead letter names the topic that those of its dead-letter topic usually come from. Its headers are the word
 * of whoever may write there, and Flowtap may write to topics that they may not.
 */
import { isDeadLetterName, sourceByName } from "../failure/topic-names.ts";

/** What is known of a dead-letter topic beside one of its dead letters. */
export interface KnownSources {
  /** by the configuration; null: it declares none */
  readonly declared: string | null;
  /** whether there is such a topic */
  readonly exists: (topic: string) => boolean;
  /** how many of its first dead letters name which topic */
  readonly named: ReadonlyMap<string, number>;
}

/** By declaration, else by its name, else as most of the others name it. */
export function isUsualSource(deadLetterTopic: string, source: string, known: KnownSources): boolean {
  if (known.declared !== null) return source === known.declared;
  const byName = isDeadLetterName(deadLetterTopic) ? sourceByName(deadLetterTopic) : null;
  if (byName !== null && known.exists(byName)) return source === byName;
  const all = [...known.named.values()].reduce((sum, count) => sum + count, 0);
  // Itself is not asked.
  return ((known.named.get(source) ?? 0) - 1) * 2 > all - 1;
}
