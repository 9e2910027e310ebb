"use client";
import { Handle, Position, type Node, type NodeProps, type NodeTypes } from "reactflow";
import { memo } from "react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { cn } from "#components/ui/cn.ts";
import { boxTone, groupWords, serviceWords, topicWords } from "../appearance.ts";
import type { Box } from "../scene.ts";
import { CHIP, chipCentre } from "../layout/sizes.ts";
import { GroupChip } from "./group-chip.tsx";

export interface BoxData extends Record<string, unknown> {
  readonly box: Box;
  readonly windowSeconds: number;
  readonly faded: boolean;
  /** the selected group, if it is one of this box */
  readonly chosenGroup: string | null;
  readonly onSelectGroup: (id: string) => void;
}
export type BoxNode = Node<BoxData>;

// React Flow draws edges only between handles; the paths come from the layout.
const Anchors = () => (
  <>
    <Handle type="target" position={Position.Left} isConnectable={false} className="!pointer-events-none !opacity-0" />
    <Handle type="source" position={Position.Right} isConnectable={false} className="!pointer-events-none !opacity-0" />
  </>
);

// From afar a name is written larger, on two lines, instead of what is written below it; from further away not at all.
const NAME = cn(
  "group-data-[distance=middling]/canvas:line-clamp-2 group-data-[distance=middling]/canvas:text-[18px]",
  "group-data-[distance=middling]/canvas:leading-[1.1] group-data-[distance=middling]/canvas:whitespace-normal",
  "group-data-[distance=middling]/canvas:[overflow-wrap:anywhere]",
  "group-data-[distance=far]/canvas:hidden",
);
const WORDS = "group-data-[distance=middling]/canvas:hidden group-data-[distance=far]/canvas:hidden";

const frame = (selected: boolean, faded: boolean) =>
  cn(
    "size-full border transition-[opacity,border-color] duration-200",
    selected && "ring-2 ring-acc ring-offset-2 ring-offset-bg",
    faded && "opacity-35",
  );

const Service = memo(function Service({ data, selected, height }: NodeProps<BoxNode>) {
  const { box, faded, onSelectGroup, chosenGroup } = data;
  if (box.kind !== "service") return null;
  return (
    <div
      className={cn(
        "flex flex-col justify-center rounded-[9px] bg-(--node) pr-2 pl-4",
        boxTone(box.node.state),
        frame(selected, faded),
      )}
    >
      <Anchors />
      {box.docked.map((group, index) => (
        <GroupChip
          key={group.id}
          group={group}
          top={chipCentre(index, box.docked.length, height ?? 54) - CHIP / 2}
          chosen={chosenGroup === group.id}
          onSelect={onSelectGroup}
        />
      ))}
      <div className={cn("truncate font-semibold", NAME)}>
        <BrokerText text={box.node.label} maxLength={40} />
      </div>
      <div className={cn("truncate text-2xs text-mut", WORDS)}>{serviceWords(box.node, box.docked)}</div>
    </div>
  );
});

const Topic = memo(function Topic({ data, selected }: NodeProps<BoxNode>) {
  const { box, faded, windowSeconds } = data;
  if (box.kind !== "topic") return null;
  const { role, state } = box.node;
  const dead = role === "dead_letter";
  return (
    <div
      className={cn(
        "flex flex-col items-center justify-center rounded-full bg-(--pill) px-3 text-center",
        state === "failing" || state === "stuck"
          ? "border-(--bad-strong) group-data-[distance=far]/canvas:bg-(--bad-strong)"
          : state === "lagging"
            ? "border-warn group-data-[distance=far]/canvas:bg-warn"
            : "border-line2 group-data-[distance=far]/canvas:bg-(--edge)",
        role !== "event" && "border-dashed",
        dead && state !== "normal" && "bg-badbg",
        frame(selected, faded),
      )}
    >
      <Anchors />
      <div
        className={cn(
          "max-w-full truncate font-mono text-[11.5px] leading-tight font-medium",
          NAME,
          dead && state !== "normal" ? "text-bad" : "text-(--pill-text)",
        )}
      >
        <BrokerText text={box.node.label} maxLength={36} />
      </div>
      <div className={cn("max-w-full truncate text-[10.5px] leading-tight text-mut", WORDS)}>
        {topicWords(box.node, windowSeconds)}
      </div>
    </div>
  );
});

const Group = memo(function Group({ data, selected }: NodeProps<BoxNode>) {
  const { box, faded, chosenGroup, onSelectGroup } = data;
  if (box.kind !== "group") return null;
  return (
    <div
      className={cn(
        "flex flex-col justify-center rounded-[9px] border-dashed bg-(--node) pr-2 pl-4",
        boxTone(box.node.state),
        frame(selected, faded),
      )}
      title="A consumer group of an unknown service"
    >
      <Anchors />
      <GroupChip group={box.node} top={14} chosen={chosenGroup === box.id} onSelect={onSelectGroup} />
      <div className={cn("truncate font-medium", NAME)}>
        <BrokerText text={box.node.label} maxLength={40} />
      </div>
      <div className={cn("truncate text-2xs text-mut", WORDS)}>{groupWords(box.node)}</div>
    </div>
  );
});

export const BOX_TYPES: NodeTypes = { service: Service, topic: Topic, "lone-group": Group };
