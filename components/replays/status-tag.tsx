import { Tag } from "#components/ui/tag.tsx";
import type { ReplayRow } from "#lib/contracts/replays.ts";
import { statusBadge } from "./replay-words.ts";

export function StatusTag({ row }: { readonly row: Pick<ReplayRow, "kind" | "status" | "sandbox" | "progress"> }) {
  const badge = statusBadge(row);
  return (
    <Tag tone={badge.tone}>
      <span aria-hidden>{badge.sign}</span> {badge.word}
    </Tag>
  );
}
