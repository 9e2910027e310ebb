"use client";
import { useMemo, useState } from "react";
import { cn } from "#components/ui/cn.ts";
import { plural } from "#components/ui/format.ts";
import type { EntityStep } from "#lib/contracts/entities.ts";
import type { Json } from "#lib/domain/entity/json-value.ts";
import { stateNodes, type Mark, type StateNode } from "./state-nodes.ts";

const OPEN_DEPTH = 3;
const OPEN_ITEMS = 60;
const BADGE: Readonly<Record<Mark, { readonly sign: string; readonly className: string }>> = {
  added: { sign: "+", className: "bg-okbg" },
  changed: { sign: "~", className: "bg-warnbg" },
  removed: { sign: "−", className: "bg-badbg text-mut line-through" },
};
const SIGN_TONE: Readonly<Record<Mark, string>> = { added: "text-ok", changed: "text-warn", removed: "text-bad" };

/** The state as a collapsible tree; added, changed and removed values are marked by sign and colour. */
export function StateTree({ step }: { readonly step: EntityStep }) {
  const { root, leftOut } = useMemo(() => stateNodes(step.state as Json, step.changes), [step.state, step.changes]);
  return (
    <div className="font-mono text-[12px] leading-[1.65] text-text/85">
      <Node node={root} depth={0} last />
      {leftOut && (
        <p className="pt-1 font-sans text-xs text-warn">Only part of the state is shown. The API returns all of it.</p>
      )}
    </div>
  );
}

function Node({ node, depth, last }: { readonly node: StateNode; readonly depth: number; readonly last: boolean }) {
  // Nodes with changes are expanded, unless the reader collapsed them.
  const [chosen, setChosen] = useState<boolean | null>(null);
  const open = chosen ?? (node.touched || (depth < OPEN_DEPTH && node.children.length <= OPEN_ITEMS));
  const [start, end] = node.kind === "object" ? ["{", "}"] : ["[", "]"];
  const comma = last ? "" : ",";
  const count = node.children.filter((child) => child.mark !== "removed").length;
  return (
    <>
      <div className={cn("relative rounded-sm pl-4", node.mark !== null && BADGE[node.mark].className)}>
        {node.mark !== null && (
          <span className={cn("absolute left-1 no-underline", SIGN_TONE[node.mark])}>
            <span aria-hidden>{BADGE[node.mark].sign}</span>
            <span className="sr-only">{node.mark} </span>
          </span>
        )}
        {node.name !== null && (
          <>
            <span className="text-acc">
              &quot;<bdi className="break-words">{JSON.stringify(node.name).slice(1, -1)}</bdi>&quot;
            </span>
            :{" "}
          </>
        )}
        {node.kind === "value" ? (
          <bdi className="break-words whitespace-pre-wrap text-text">
            {node.text}
            {comma}
          </bdi>
        ) : node.children.length === 0 ? (
          `${start}${end}${comma}`
        ) : (
          <button
            type="button"
            aria-expanded={open}
            aria-label={`${open ? "Collapse" : "Expand"} ${node.name ?? (depth === 0 ? "the state" : "the item")}`}
            onClick={() => setChosen(!open)}
            className="rounded-sm px-0.5 hover:bg-raise"
          >
            {open ? start : `${start} ${plural(count, node.kind === "object" ? "member" : "item")} ${end}${comma}`}
          </button>
        )}
        {node.before !== null && (
          <span className="text-mut">
            {" "}
            was <bdi className="break-words">{node.before}</bdi>
          </span>
        )}
      </div>
      {node.children.length > 0 && open && (
        <>
          <div className="ml-4 border-l border-line pl-1">
            {node.children.map((child, i) => (
              <Node key={child.path} node={child} depth={depth + 1} last={i >= count - 1} />
            ))}
          </div>
          <div className="pl-4">
            {end}
            {comma}
          </div>
        </>
      )}
    </>
  );
}
