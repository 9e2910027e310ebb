import { BrokerText } from "#components/ui/broker-text.tsx";
import { cn } from "#components/ui/cn.ts";
import { Segmented } from "#components/ui/segmented.tsx";
import { Select } from "#components/ui/select.tsx";
import type { ReplaySelection } from "#lib/contracts/replay-selection.ts";
import type { RedriveChoice } from "./redrive-choice.ts";
import { RangeEndField } from "./range-end-field.tsx";
import { Field, TextField, TimeField } from "./plan-fields.tsx";

const MOST_LISTED = 500;

interface RedriveWhichProps {
  readonly select: ReplaySelection;
  readonly choice: RedriveChoice;
  readonly onChoice: (change: Partial<RedriveChoice>) => void;
  readonly groups: readonly string[];
  readonly partitions: number;
}
/** Narrows what was chosen; nothing where there is nothing to narrow. */
export function RedriveWhich({ select, choice, onChoice, groups, partitions }: RedriveWhichProps) {
  switch (select.by) {
    case "fingerprint":
      return (
        <fieldset className={cn("grid gap-3.5", groups.length > 1 ? "sm:grid-cols-2" : "sm:grid-cols-3")}>
          <legend className="sr-only">Which dead letters</legend>
          {groups.length > 1 && (
            <Field label="Failed in">
              <Select
                aria-label="Only those of one group"
                value={choice.onlyGroup ?? "*"}
                onValueChange={(name) => onChoice({ onlyGroup: name === "*" ? null : name })}
                options={[
                  { value: "*", label: "Every group" },
                  ...groups
                    .slice(0, 100)
                    .map((name) => ({ value: name, label: <BrokerText text={name} maxLength={60} /> })),
                ]}
              />
            </Field>
          )}
          <TextField label="Key" placeholder="any" value={choice.key} onChange={(key) => onChoice({ key })} />
          <TimeField label="Failed from" value={choice.from} onChange={(from) => onChoice({ from })} />
          <TimeField label="Failed until" value={choice.to} onChange={(to) => onChoice({ to })} />
        </fieldset>
      );
    case "trace":
      return (
        <Field label="Which events">
          <Segmented
            aria-label="Which events of the trace"
            className="self-start"
            value={choice.failedOnly ? "failed" : "all"}
            onValueChange={(which) => onChoice({ failedOnly: which === "failed" })}
            options={[
              { value: "all", label: "all its events" },
              { value: "failed", label: "only its dead letters" },
            ]}
          />
          <span className="text-xs text-dim">
            {choice.failedOnly
              ? "Each goes back to the topic it failed on."
              : "Each as it was published; copies in retry and dead-letter topics are left."}
          </span>
        </Field>
      );
    case "range":
      return (
        <fieldset className="grid gap-3.5 sm:grid-cols-3">
          <legend className="sr-only">Which stretch</legend>
          <Field label="Partition">
            <Select
              aria-label="Partition"
              value={choice.partition === null ? "*" : String(choice.partition)}
              onValueChange={(one) => onChoice({ partition: one === "*" ? null : Number(one) })}
              options={[
                { value: "*", label: "Every partition" },
                ...Array.from({ length: Math.min(partitions, MOST_LISTED) }, (_, i) => ({
                  value: String(i),
                  label: `Partition ${i}`,
                })),
              ]}
            />
          </Field>
          <RangeEndField label="From" value={choice.from} onChange={(from) => onChoice({ from })} />
          <RangeEndField label="To" value={choice.to} onChange={(to) => onChoice({ to })} />
        </fieldset>
      );
    case "failures":
    case "key":
      return null;
  }
}
