import { Tag } from "#components/ui/tag.tsx";
import type { TopicRow } from "#lib/contracts/topics.ts";

/** Plain event topics carry no tag: only what is out of the ordinary does. */
export function RoleTag({ role }: { readonly role: TopicRow["role"] }) {
  if (role === "event") return null;
  return (
    <Tag tone={role === "dead_letter" ? "bad" : role === "retry" ? "warn" : "neutral"}>
      {role === "dead_letter" ? "DEAD LETTERS" : role.toUpperCase()}
    </Tag>
  );
}

/** How long events stay: "7 d", "for ever", "newest per key". */
export function retention(
  row: Pick<TopicRow, "retentionMs" | "cleanupPolicy">,
  format: (ms: number) => string,
): string {
  const compacted = row.cleanupPolicy?.includes("compact") ?? false;
  const deleted = row.cleanupPolicy === null || row.cleanupPolicy.includes("delete");
  if (compacted && !deleted) return "newest per key";
  if (row.retentionMs === null) return "–";
  return row.retentionMs < 0 ? "for ever" : format(row.retentionMs);
}
