import type { Fact, OffsetJump } from "../finding.ts";
import { countWords, partitionWords } from "../../text/words.ts";
import { partitionsFact } from "./lists.ts";

/** From where to where the worst partition jumped, and which others did. */
export function jumpFacts(jumps: readonly OffsetJump[], to: "back to" | "to"): Fact[] {
  const [worst] = jumps;
  if (worst === undefined) return [];
  return [
    {
      label: partitionWords(worst),
      value: `from ${countWords(BigInt(worst.from))} ${to} ${countWords(BigInt(worst.to))}`,
    },
    ...partitionsFact(jumps.map(partitionWords)),
  ];
}
