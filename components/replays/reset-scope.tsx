import { BrokerText } from "#components/ui/broker-text.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Select } from "#components/ui/select.tsx";
import { WholeNumberField } from "./whole-number-field.tsx";
import type { ResetChoice } from "./reset-plan.ts";

const MAX_LISTED = 300;

interface ResetScopeProps {
  readonly choice: ResetChoice;
  readonly onChange: (part: Partial<ResetChoice>) => void;
  /** that the group has committed offsets of */
  readonly topics: readonly string[];
}
/** Which partitions are reset: of all topics, of one topic, or one partition. */
export function ResetScope({ choice, onChange, topics }: ResetScopeProps) {
  return (
    <div className="flex flex-wrap items-end gap-3">
      <div className="flex flex-col gap-1">
        <span className="text-xs font-medium text-mut">Topic</span>
        <Select
          aria-label="Topic"
          className="min-w-52"
          value={choice.topic ?? "*"}
          onValueChange={(topic) => onChange({ topic: topic === "*" ? null : topic, partition: null })}
          options={[
            { value: "*", label: topics.length === 1 ? "Its one topic" : `All ${topics.length} topics` },
            ...topics
              .slice(0, MAX_LISTED)
              .map((topic) => ({ value: topic, label: <BrokerText text={topic} maxLength={60} /> })),
          ]}
        />
      </div>
      <label className="flex h-8 items-center gap-2 text-mut">
        <Checkbox
          checked={choice.partition !== null}
          disabled={choice.topic === null}
          onCheckedChange={(checked) => onChange({ partition: checked === true ? 0 : null })}
        />
        one partition only
      </label>
      {choice.partition !== null && choice.topic !== null && (
        <WholeNumberField
          label="Partition"
          value={String(choice.partition)}
          onChange={(text) => onChange({ partition: /^\d{1,5}$/.test(text) ? Number(text) : 0 })}
        />
      )}
    </div>
  );
}
