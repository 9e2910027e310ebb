import type { MouseEvent } from "react";
import { cn } from "#components/ui/cn.ts";
import type { GroupNode } from "#lib/contracts/flow.ts";
import { chipTone, groupWords } from "../appearance.ts";
import { CHIP } from "../layout/sizes.ts";

interface GroupChipProps {
  readonly group: GroupNode;
  readonly top: number;
  readonly chosen: boolean;
  readonly onSelect: (id: string) => void;
}
/**
 * A consumer group docked on its service: number of members, in the colour of its verdict. Keyboard users reach it
 * through the panel of the service.
 */
export function GroupChip({ group, top, chosen, onSelect }: GroupChipProps) {
  const select = (event: MouseEvent) => {
    event.stopPropagation();
    onSelect(group.id);
  };
  return (
    <span
      onClick={select}
      title={`group ${group.label.slice(0, 120)}: ${groupWords(group)}`}
      style={{ top, left: -CHIP / 2 - 1, width: CHIP, height: CHIP }}
      className={cn(
        "absolute grid cursor-pointer place-items-center rounded-[5px] border text-[9px] leading-none font-bold",
        chipTone(group.verdict),
        chosen && "ring-2 ring-acc ring-offset-1 ring-offset-bg",
      )}
    >
      {group.members > 99 ? "99+" : group.members === 0 && group.verdict === "unknown" ? "?" : group.members}
    </span>
  );
}
