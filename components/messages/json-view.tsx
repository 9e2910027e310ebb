"use client";
import { useState } from "react";
import type { JsonNode } from "./json-ast.ts";

const OPEN_DEPTH = 3;
const OPEN_ITEMS = 60;

/** A JSON value as a tree that folds. Text comes from a broker: it is only ever text here. */
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
        <Fold
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
        <Fold
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

interface FoldProps {
  open: string;
  close: string;
  count: number;
  depth: number;
  trail: string;
  row: (index: number, last: boolean) => React.ReactNode;
}

function Fold({ open, close, count, depth, trail, row }: FoldProps) {
  const [unfolded, setUnfolded] = useState(depth < OPEN_DEPTH && count <= OPEN_ITEMS);
  if (count === 0)
    return (
      <span>
        {open}
        {close}
        {trail}
      </span>
    );
  const what = open === "{" ? (count === 1 ? "member" : "members") : count === 1 ? "item" : "items";
  return (
    <>
      <button
        type="button"
        aria-expanded={unfolded}
        aria-label={`${unfolded ? "Fold" : "Unfold"} ${count} ${what}`}
        onClick={() => setUnfolded(!unfolded)}
        className="rounded-sm px-0.5 hover:bg-raise"
      >
        {unfolded ? open : `${open} ${count} ${what} ${close}`}
      </button>
      {unfolded ? (
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
