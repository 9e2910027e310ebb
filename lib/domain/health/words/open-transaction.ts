import type { Fact, FindingOf, FindingWords } from "../finding.ts";
import { countWords, durationWords, partitionWords, timeWords } from "../../text/words.ts";
import type { WordsContext } from "./context.ts";
import { partitionsFact } from "./lists.ts";

export function openTransactionWords(
  { at, data }: FindingOf<"open_transaction">,
  { group, nowMs }: WordsContext,
): FindingWords {
  const { transactionalId, producerId } = data;
  const stable = countWords(BigInt(data.lastStableOffset));
  const sinceMs = Date.parse(data.startedAt);
  const where = at === null ? "" : ` of ${partitionWords(at)}`;
  const open = `${whoseOf(data)} has been open for ${durationWords(nowMs - sinceMs)}`;
  const behind = `${countWords(BigInt(data.offsetsBehind))} offsets lie behind it`;
  const facts: Fact[] = [];
  if (transactionalId !== null) facts.push({ label: "Transactional id", value: transactionalId });
  if (producerId !== null) facts.push({ label: "Producer id", value: producerId });
  facts.push(
    { label: "Open since", value: timeWords(sinceMs) },
    { label: "Last stable offset", value: `${stable}, the log ends at ${countWords(BigInt(data.endOffset))}` },
    ...partitionsFact(data.partitions),
  );
  return { sentence: `${group} cannot pass offset ${stable}${where}: ${open}; ${behind}`, facts };
}

function whoseOf({ transactionalId, producerId }: FindingOf<"open_transaction">["data"]): string {
  if (transactionalId !== null) return `transaction ${transactionalId}`;
  return producerId === null ? "an open transaction" : `a transaction of producer ${producerId}`;
}
