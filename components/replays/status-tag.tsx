import { Tag } from "#components/ui/tag.tsx";
import type { ReplayStatus } from "#lib/contracts/replays.ts";
import { STATUS_LOOK } from "./replay-words.ts";

export function StatusTag({ status }: { readonly status: ReplayStatus }) {
  const look = STATUS_LOOK[status];
  return (
    <Tag tone={look.tone}>
      <span aria-hidden>{look.sign}</span> {look.word}
    </Tag>
  );
}
