"use client";
import { Eye } from "lucide-react";
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import type { GroupView } from "#lib/contracts/groups.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { HOWS, resetPlan, type ResetChoice } from "./reset-plan.ts";
import { ResetPosition } from "./reset-position.tsx";
import { ResetScope } from "./reset-scope.tsx";
import { HOW_LABEL, HOW_MEANS } from "./reset-words.ts";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { usePlanReplay } from "./use-replay.ts";

/**
 * Chooses where an empty group goes on. What is chosen lives in the URL, so "Skip it…" and a colleague's link
 * open it filled in.
 */
export function OffsetResetForm({
  view,
  onDraft,
}: {
  readonly view: GroupView;
  readonly onDraft: (draft: ReplayView) => void;
}) {
  const [choice, setChoice] = useQueryStates({
    how: parseAsStringLiteral(HOWS).withDefault("earliest"),
    topic: parseAsString,
    partition: parseAsInteger,
    offset: parseAsString.withDefault(""),
    shift: parseAsString.withDefault(""),
    from: parseAsString.withDefault(""),
    like: parseAsString.withDefault(""),
    offsetLines: parseAsString.withDefault(""),
  });
  const plan = usePlanReplay();
  const refusal = useWriteRefusal();
  const topics = [...new Set(view.partitions.map((one) => one.topic))].toSorted();
  const input = resetPlan(view.row, choice);
  const change = (part: Partial<ResetChoice>) => {
    plan.reset();
    void setChoice(part);
  };

  return (
    <Card>
      <CardHeader title="Reset offsets">
        {view.row.members > 0
          ? `${view.row.members} connected: the reset needs an empty group, and can wait for that`
          : "the group is empty, as it must be"}
      </CardHeader>
      <CardBody>
        <form
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (input.ok) plan.mutate(input.value, { onSuccess: onDraft });
          }}
        >
          <Segmented
            aria-label="Where to"
            className="max-w-full self-start overflow-x-auto"
            value={choice.how}
            onValueChange={(how) => change({ how })}
            options={HOWS.map((how) => ({ value: how, label: HOW_LABEL[how] }))}
          />
          <p className="text-mut">{HOW_MEANS[choice.how]}</p>
          <ResetPosition choice={choice} onChange={change} example={currentOffsets(view)} />
          {choice.how !== "offsets" && <ResetScope choice={choice} onChange={change} topics={topics} />}
          {plan.error !== null && <ErrorPanel title="No plan could be made" error={plan.error} />}
          <div className="flex flex-wrap items-center gap-3">
            <Button type="submit" variant="primary" disabled={!input.ok || refusal !== null || plan.isPending}>
              <Eye /> {plan.isPending ? "Asking the broker…" : "Preview"}
            </Button>
            <span className={refusal === null ? "text-dim" : "text-warn"}>
              {refusal ?? (input.ok ? "Nothing changes yet." : input.error)}
            </span>
          </div>
        </form>
      </CardBody>
    </Card>
  );
}

/** Where it stands, as lines to begin with. */
const currentOffsets = ({ partitions }: GroupView): string =>
  partitions
    .filter((one) => one.committedOffset !== null)
    .slice(0, 4)
    .map((one) => `${one.topic},${one.partition},${one.committedOffset}`)
    .join("\n") || "orders,0,91204";
