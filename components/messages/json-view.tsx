"use client";
import { useState } from "react";
import { plural } from "#components/ui/format.ts";
import type { JsonNode } from "./json-ast.ts";

const OPEN_DEPTH = 3;
const OPEN_ITEMS = 60;

/** A JSON value as a collapsible tree. The text comes from a broker, so it is rendered as text only. */
export function JsonView({ node }: { node: JsonNode }) {
  return (
    <div className="overflow-auto font-mono text-[12px] leading-[1.6] text-text/85">
      <Value node={node} depth={0} trail="" />
    </div>
  );
}

function Value({ node, depth, trail }: { node: JsonNode; depth: number; trail: string }) {
  switch (node.kind) {
    case "string":
      return (
        <span className="text-text">
          &quot;<bdi className="break-words whitespace-pre-wrap">{JSON.stringify(node.text).slice(1, -1)}</bdi>&quot;
          {trail}
        </span>
      );
    case "number":
      return (
        <span className="text-text tabular-nums">
          {node.text}
          {trail}
        </span>
      );
    case "literal":
      return (
        <span>
          <span className={node.text === "null" ? "rounded-sm bg-badbg px-0.5 text-bad" : "text-warn"}>
            {node.text}
          </span>
          {trail}
        </span>
      );
    case "array":
      return (
        <Collapsible
          open="["
          close="]"
          count={node.items.length}
          depth={depth}
          trail={trail}
          row={(i, last) => {
            const item = node.items[i];
            return item === undefined ? null : <Value node={item} depth={depth + 1} trail={last ? "" : ","} />;
          }}
        />
      );
    case "object":
      return (
        <Collapsible
          open="{"
          close="}"
          count={node.members.length}
          depth={depth}
          trail={trail}
          row={(i, last) => {
            const member = node.members[i];
            return member === undefined ? null : (
              <>
                <span className="text-acc">
                  &quot;<bdi>{member.name}</bdi>&quot;
                </span>
                : <Value node={member.value} depth={depth + 1} trail={last ? "" : ","} />
              </>
            );
          }}
        />
      );
  }
}

interface CollapsibleProps {
  open: string;
  close: string;
  count: number;
  depth: number;
  trail: string;
  row: (index: number, last: boolean) => React.ReactNode;
}

function Collapsible({ open, close, count, depth, trail, row }: CollapsibleProps) {
  const [expanded, setExpanded] = useState(depth < OPEN_DEPTH && count <= OPEN_ITEMS);
  if (count === 0)
    return (
      <span>
        {open}
        {close}
        {trail}
      </span>
    );
  const what = plural(count, open === "{" ? "member" : "item");
  return (
    <>
      <button
        type="button"
        aria-expanded={expanded}
        aria-label={`${expanded ? "Collapse" : "Expand"} ${what}`}
        onClick={() => setExpanded(!expanded)}
        className="rounded-sm px-0.5 hover:bg-raise"
      >
        {expanded ? open : `${open} ${what} ${close}`}
      </button>
      {expanded ? (
        <>
          <div className="border-l border-line pl-4">
            {Array.from({ length: count }, (_, i) => (
              <div key={i}>{row(i, i === count - 1)}</div>
            ))}
          </div>
          <span>
            {close}
            {trail}
          </span>
        </>
      ) : (
        trail
      )}
    </>
  );
}
