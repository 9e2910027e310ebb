"use client";
import { Eye } from "lucide-react";
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { Input, Textarea } from "#components/ui/input.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Select } from "#components/ui/select.tsx";
import type { GroupView } from "#lib/contracts/groups.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { HOWS, resetPlan, type ResetChoice } from "./reset-plan.ts";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { usePlanReplay } from "./use-replay.ts";

const HOW_LABEL = {
  earliest: "Earliest",
  latest: "Latest",
  timestamp: "Time",
  offset: "Offset",
  shift: "Shift by",
  group: "Like a group",
  offsets: "One by one",
} as const;
const HOW_MEANS = {
  earliest: "Everything the log still holds is processed again.",
  latest: "Everything waiting is skipped.",
  timestamp: "From the first event at or after this time.",
  offset: "From this offset, kept within what the log holds.",
  shift: "By so many events: −100 goes back a hundred, 1 skips one.",
  group: "Where another group stands. What that group never committed stays as it is.",
  offsets: "Each partition where its line says; all others stay as they are.",
} as const;

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
  const asked = resetPlan(view.row, choice);
  const set = (change: Partial<ResetChoice>) => {
    plan.reset();
    void setChoice(change);
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
            if (asked.ok) plan.mutate(asked.value, { onSuccess: onDraft });
          }}
        >
          <Segmented
            aria-label="Where to"
            className="max-w-full self-start overflow-x-auto"
            value={choice.how}
            onValueChange={(how) => set({ how })}
            options={HOWS.map((how) => ({ value: how, label: HOW_LABEL[how] }))}
          />
          <p className="text-mut">{HOW_MEANS[choice.how]}</p>
          {choice.how === "timestamp" && (
            <label className="flex flex-col gap-1 self-start">
              <span className="text-xs font-medium text-mut">Time, in your zone</span>
              <Input
                type="datetime-local"
                step={1}
                className="w-60"
                value={choice.from}
                onChange={(event) => set({ from: event.target.value })}
              />
            </label>
          )}
          {choice.how === "offset" && (
            <Numeric label="Offset" value={choice.offset} onChange={(offset) => set({ offset })} />
          )}
          {choice.how === "shift" && (
            <Numeric label="Events" value={choice.shift} onChange={(shift) => set({ shift })} />
          )}
          {choice.how === "group" && (
            <label className="flex flex-col gap-1 self-start">
              <span className="text-xs font-medium text-mut">Group</span>
              <Input
                className="w-72 font-mono"
                value={choice.like}
                maxLength={255}
                onChange={(event) => set({ like: event.target.value })}
              />
            </label>
          )}
          {choice.how === "offsets" && (
            <label className="flex flex-col gap-1">
              <span className="text-xs font-medium text-mut">A line each: topic,partition,offset</span>
              <Textarea
                className="font-mono text-xs"
                rows={4}
                value={choice.offsetLines}
                maxLength={3000}
                placeholder={currentOffsets(view)}
                onChange={(event) => set({ offsetLines: event.target.value })}
              />
            </label>
          )}
          {choice.how !== "offsets" && (
            <div className="flex flex-wrap items-end gap-3">
              <div className="flex flex-col gap-1">
                <span className="text-xs font-medium text-mut">Topic</span>
                <Select
                  aria-label="Topic"
                  className="min-w-52"
                  value={choice.topic ?? "*"}
                  onValueChange={(topic) => set({ topic: topic === "*" ? null : topic, partition: null })}
                  options={[
                    { value: "*", label: topics.length === 1 ? "Its one topic" : `All ${topics.length} topics` },
                    ...topics
                      .slice(0, 300)
                      .map((topic) => ({ value: topic, label: <BrokerText text={topic} maxLength={60} /> })),
                  ]}
                />
              </div>
              <label className="flex h-8 items-center gap-2 text-mut">
                <Checkbox
                  checked={choice.partition !== null}
                  disabled={choice.topic === null}
                  onCheckedChange={(checked) => set({ partition: checked === true ? 0 : null })}
                />
                one partition only
              </label>
              {choice.partition !== null && choice.topic !== null && (
                <Numeric
                  label="Partition"
                  value={String(choice.partition)}
                  onChange={(text) => set({ partition: /^\d{1,5}$/.test(text) ? Number(text) : 0 })}
                />
              )}
            </div>
          )}
          {plan.error !== null && <ErrorPanel title="No plan could be made" error={plan.error} />}
          <div className="flex flex-wrap items-center gap-3">
            <Button type="submit" variant="primary" disabled={!asked.ok || refusal !== null || plan.isPending}>
              <Eye /> {plan.isPending ? "Asking the broker…" : "Preview"}
            </Button>
            <span className={refusal === null ? "text-dim" : "text-warn"}>
              {refusal ?? (asked.ok ? "Nothing changes yet." : asked.error)}
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

const Numeric = ({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) => (
  <label className="flex flex-col gap-1 self-start">
    <span className="text-xs font-medium text-mut">{label}</span>
    <Input
      inputMode="numeric"
      className="w-40 font-mono"
      value={value}
      maxLength={20}
      onChange={(event) => onChange(event.target.value.trim())}
    />
  </label>
);
