/** How the outcome of one item reads. */
import type { ReplayItemRow } from "#lib/contracts/replays.ts";

export interface OutcomeWords {
  readonly sign: string;
  readonly text: string;
  readonly className: string;
}
/** What became of one item: the outcome once it was sent, else why it was not. */
export function itemWords(item: Pick<ReplayItemRow, "status" | "outcome" | "again">): OutcomeWords {
  if (item.status === "failed") return { sign: "✕", text: "not sent: the broker refused it", className: "text-bad" };
  if (item.status === "skipped") return { sign: "△", text: "left out", className: "text-warn" };
  if (item.status === "pending") return { sign: "○", text: "not sent yet", className: "text-dim" };
  if (item.status === "sending") return { sign: "…", text: "being sent", className: "text-acc" };
  switch (item.outcome) {
    case "consumed":
      return { sign: "✓", text: "consumed", className: "text-ok" };
    case "dead_lettered":
      return {
        sign: "✕",
        text:
          item.again === null
            ? "failed again"
            : item.again.sameCause
              ? "failed again, the same cause"
              : "failed again, another cause",
        className: "text-bad",
      };
    case "not_applicable":
      return { sign: "✓", text: "sent to the sandbox", className: "text-ok" };
    case "waiting":
      return { sign: "…", text: "sent, waiting to be consumed", className: "text-acc" };
    default:
      return { sign: "?", text: "sent; its outcome is not known", className: "text-mut" };
  }
}
