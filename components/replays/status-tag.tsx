import { Tag } from "#components/ui/tag.tsx";
import type { ReplayRow } from "#lib/contracts/replays.ts";
import { statusBadge } from "./replay-words.ts";

export function StatusTag({ row }: { readonly row: Pick<ReplayRow, "kind" | "status" | "sandbox" | "progress"> }) {
  const look = statusBadge(row);
  return (
    <Tag tone={look.tone}>
      <span aria-hidden>{look.sign}</span> {look.word}
    </Tag>
  );
}
