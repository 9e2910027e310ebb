"use client";
import { Eye } from "lucide-react";
import { useState } from "react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { count } from "#components/ui/format.ts";
import { Input } from "#components/ui/input.tsx";
import type { ReplayView } from "#lib/contracts/replays.ts";
import type { SkipTarget } from "./skip-target.ts";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { usePlanReplay } from "./use-replay.ts";

interface SkipFormProps {
  readonly group: { readonly cluster: string; readonly group: string };
  readonly target: SkipTarget;
  readonly onDraft: (draft: ReplayView) => void;
  readonly onClose: () => void;
}
/** Passes over the one event that holds the group; which one stands in the address, where "Skip it…" has put it. */
export function SkipForm({ group, target, onDraft, onClose }: SkipFormProps) {
  const [keepIn, setKeepIn] = useState("");
  const plan = usePlanReplay();
  const refusal = useWriteRefusal();
  return (
    <Card>
      <CardHeader title="Skip one event">a copy of it is kept</CardHeader>
      <CardBody>
        <form
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            plan.mutate(
              {
                kind: "skip",
                cluster: group.cluster,
                group: group.group,
                ...target,
                ...(keepIn.trim() !== "" && { deadLetterTopic: keepIn.trim() }),
              },
              { onSuccess: onDraft },
            );
          }}
        >
          <p className="text-mut">
            Offset <b className="font-semibold text-text">{count(target.offset)}</b> of{" "}
            <BrokerText text={target.topic} className="text-text" maxLength={80} />[{target.partition}]: the group goes
            on right behind it.
          </p>
          <label className="flex flex-col gap-1">
            <span className="text-xs font-medium text-mut">Keep its copy in</span>
            <Input
              className="max-w-md font-mono text-xs"
              value={keepIn}
              maxLength={249}
              placeholder="where the group’s dead letters go"
              onChange={(event) => setKeepIn(event.target.value)}
            />
          </label>
          {plan.error !== null && <ErrorPanel title="No plan could be made" error={plan.error} />}
          <div className="flex flex-wrap items-center gap-3">
            <Button type="submit" variant="primary" disabled={refusal !== null || plan.isPending}>
              <Eye /> {plan.isPending ? "Asking the broker…" : "Preview the skip"}
            </Button>
            <span className={refusal === null ? "text-dim" : "text-warn"}>{refusal ?? "Nothing changes yet."}</span>
            <Button className="ml-auto" onClick={onClose}>
              Reset offsets instead
            </Button>
          </div>
        </form>
      </CardBody>
    </Card>
  );
}
