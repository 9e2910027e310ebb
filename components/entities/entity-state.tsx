"use client";
import { CircleOff, Scale } from "lucide-react";
import { useState } from "react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { bytes, count } from "#components/ui/format.ts";
import { Segmented } from "#components/ui/segmented.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { EntityStep } from "#lib/contracts/entities.ts";
import { StateTree } from "./state-tree.tsx";

const OPS = {
  add: { sign: "+", className: "text-ok", word: "added" },
  replace: { sign: "~", className: "text-warn", word: "changed" },
  remove: { sign: "−", className: "text-bad", word: "removed" },
} as const;

/** The state after an event: as a tree with marked changes, or as a list of changes. */
export function EntityState({ step }: { readonly step: EntityStep | undefined }) {
  const [shown, setShown] = useState<"state" | "changes">("state");
  return (
    <Card>
      <CardHeader title="State after this event">
        {step !== undefined && step.state !== null && (
          <CopyButton what="the state" value={() => JSON.stringify(step.state, null, 2)} />
        )}
        <Segmented
          aria-label="Show state or changes"
          className="h-7"
          value={shown}
          onValueChange={setShown}
          options={[
            { value: "state", label: "State" },
            {
              value: "changes",
              label:
                step === undefined ? "Changes" : `Changes ${count(step.changes.length)}${step.moreChanges ? "+" : ""}`,
            },
          ]}
        />
      </CardHeader>
      {step === undefined ? (
        <div className="flex flex-col gap-2 p-3.5" role="status" aria-label="Loading the state">
          <Skeleton className="h-3 w-1/2" />
          <Skeleton className="h-3 w-2/3" />
          <Skeleton className="h-3 w-1/3" />
        </div>
      ) : (
        <>
          {step.brought !== "body" && step.note !== null && (
            <p className="border-t px-3.5 py-2 text-mut">Unchanged: {step.note}.</p>
          )}
          {step.missing !== null && (
            <p className="border-t bg-warnbg px-3.5 py-2 text-warn">
              Incomplete: {step.missing}. The next snapshot or tombstone makes it complete.
            </p>
          )}
          <div
            className="max-h-[60dvh] min-h-40 overflow-auto border-t px-2 py-2.5"
            tabIndex={0}
            role="region"
            aria-label={shown === "state" ? "State" : "Changes"}
          >
            {shown === "changes" ? <Changes step={step} /> : <Tree step={step} />}
          </div>
        </>
      )}
    </Card>
  );
}

function Tree({ step }: { readonly step: EntityStep }) {
  if (step.state !== null) return <StateTree step={step} />;
  if (step.exists)
    return (
      <EmptyState icon={Scale} title="Too large to show">
        The state has {bytes(step.stateChars)} as JSON. Select Changes to see what changed.
      </EmptyState>
    );
  return (
    <EmptyState icon={CircleOff} title={step.brought === "tombstone" ? "Deleted" : "No state yet"}>
      {step.brought === "tombstone"
        ? "The event is a tombstone: it deletes the entity. A later event can create it again."
        : "No event up to here has a usable body."}
    </EmptyState>
  );
}

function Changes({ step }: { readonly step: EntityStep }) {
  if (step.changes.length === 0) return <p className="px-1.5 text-mut">This event changed nothing.</p>;
  return (
    <ul className="flex flex-col gap-1 px-1.5 font-mono text-[12px] leading-relaxed">
      {step.changes.map((change) => (
        <li key={change.path} className="grid grid-cols-[1rem_1fr] gap-x-1">
          <span className={OPS[change.op].className}>
            <span aria-hidden>{OPS[change.op].sign}</span>
            <span className="sr-only">{OPS[change.op].word}</span>
          </span>
          <span className="min-w-0 break-words">
            <BrokerText text={change.path === "" ? "(root)" : change.path} maxLength={200} className="text-acc" />
            {change.before !== null && (
              <>
                {" "}
                <bdi className={change.op === "replace" ? "text-mut line-through" : "text-mut"}>{change.before}</bdi>
              </>
            )}
            {change.after !== null && (
              <>
                {" "}
                <bdi>{change.after}</bdi>
              </>
            )}
          </span>
        </li>
      ))}
      {step.moreChanges && <li className="font-sans text-xs text-warn">Not all changes are listed.</li>}
    </ul>
  );
}
