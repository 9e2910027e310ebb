import { Tag } from "#components/ui/tag.tsx";
import type { TopicRow } from "#lib/contracts/topics.ts";

/** The role of a topic as a tag; plain event topics have none. */
export function RoleTag({ role }: { readonly role: TopicRow["role"] }) {
  if (role === "event") return null;
  return (
    <Tag tone={role === "dead_letter" ? "bad" : role === "retry" ? "warn" : "neutral"}>
      {role === "dead_letter" ? "DEAD LETTERS" : role.toUpperCase()}
    </Tag>
  );
}

/** How long events stay: "7 d", "unlimited", "latest per key". */
export function retention(
  row: Pick<TopicRow, "retentionMs" | "cleanupPolicy">,
  format: (ms: number) => string,
): string {
  const compacted = row.cleanupPolicy?.includes("compact") ?? false;
  const deleted = row.cleanupPolicy === null || row.cleanupPolicy.includes("delete");
  if (compacted && !deleted) return "latest per key";
  if (row.retentionMs === null) return "–";
  return row.retentionMs < 0 ? "unlimited" : format(row.retentionMs);
}
