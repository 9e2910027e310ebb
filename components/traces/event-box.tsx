import { Handle, Position, type Node, type NodeProps } from "reactflow";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { cn } from "#components/ui/cn.ts";
import { FATE_BADGE } from "#components/messages/fate-words.ts";
import type { TraceEvent } from "./trace-layout.ts";

interface EventData extends Record<string, unknown> {
  readonly event: TraceEvent;
  readonly opened: boolean;
}
export type EventNode = Node<EventData, "event">;

/** An event of a trace as a box of the graph, with its outcome in each group as dots. */
export function EventBox({ data: { event, opened } }: NodeProps<EventNode>) {
  const bad = event.deadLetter || event.error;
  return (
    <div
      className={cn(
        "w-[176px] rounded-lg border bg-[var(--node)] px-2.5 py-1.5 text-left",
        bad ? "border-badline" : "border-line2",
        event.deadLetter && "border-dashed",
        opened && "ring-2 ring-acc",
      )}
    >
      <Handle type="target" position={Position.Left} className="invisible" />
      <div className={cn("truncate text-xs font-semibold", bad && "text-bad")}>
        <BrokerText text={event.type ?? "unknown type"} maxLength={40} />
      </div>
      <div className="truncate text-2xs text-mut">
        <BrokerText text={event.service ?? "unknown"} maxLength={20} />{" "}
        <span className="text-dim">
          → <BrokerText text={event.topic} maxLength={24} />
        </span>
      </div>
      <div className="mt-1 flex h-2 items-center gap-1">
        {event.fates.slice(0, 16).map((fate) => (
          <i
            key={fate.group}
            title={`${fate.group.slice(0, 80)}: ${FATE_BADGE[fate.fate].word}`}
            className={cn("size-1.5", fate.fate === "consumed" ? "rounded-full" : "rounded-[1px]")}
            style={{ background: FATE_BADGE[fate.fate].color }}
          />
        ))}
      </div>
      <Handle type="source" position={Position.Right} className="invisible" />
    </div>
  );
}
