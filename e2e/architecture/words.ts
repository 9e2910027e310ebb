/** Words that this code once used where Kafka, OpenTelemetry or Postgres have a name. They must not come back. */
import ts from "typescript";

/** The old word, and what to say instead. */
export const OLD_WORDS: ReadonlyMap<string, string> = new Map([
  ["place", "partition, position, state: what it really is"],
  ["places", "partitions, positions, states"],
  ["standing", "status, progress, state"],
  ["standings", "states"],
  ["said", "reported, message, output"],
  ["told", "reported, notified, sent"],
  ["look", "poll, read, check; badge, appearance"],
  ["looks", "polls, reads, checks"],
  ["looked", "polled, read, checked"],
  ["turn", "cycle"],
  ["turns", "cycles"],
  ["pin", "held by a transaction"],
  ["pins", "stalled transactions"],
  ["pinned", "held by a transaction"],
  ["unread", "unassigned"],
  ["news", "changed"],
  ["thrift", "gc policy"],
  ["care", "triage"],
  ["cares", "triages"],
  ["deed", "action, audit entry"],
  ["deeds", "actions, audit entries"],
  ["spell", "session"],
  ["spells", "sessions"],
  ["habit", "prior"],
  ["habits", "priors"],
  ["carry", "claim, run"],
  ["carried", "claimed, kept"],
  ["letter", "dead letter"],
  ["letters", "dead letters"],
  ["family", "format"],
  ["families", "formats"],
  ["story", "log"],
]);

/** What stands before an old word and makes it another one: `deadLetter` is everybody's word. */
const PAIRS: ReadonlySet<string> = new Set(["dead letter", "dead letters"]);

/** `deadLetterTopic`, `dead_letter_topic`, `DEAD_LETTER_TOPIC` → dead, letter, topic. */
export const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .split(/[^A-Za-z]+/)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== "");

/** The old words in a name. */
export function oldWordsIn(name: string): string[] {
  const words = wordsOf(name);
  return words.filter((word, i) => OLD_WORDS.has(word) && !PAIRS.has(`${words[i - 1] ?? ""} ${word}`));
}

/** Every identifier of a file once, with the line it first stands in; strings, comments and JSX text are not names. */
export function identifiersOf(file: string, text: string): Map<string, number> {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false);
  const found = new Map<string, number>();
  const visit = (node: ts.Node): void => {
    if ((ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) && !found.has(node.text))
      found.set(node.text, source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
