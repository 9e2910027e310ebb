import { Input, Textarea } from "#components/ui/input.tsx";
import { WholeNumberField } from "./whole-number-field.tsx";
import type { ResetChoice } from "./reset-plan.ts";

interface ResetPositionProps {
  readonly choice: ResetChoice;
  readonly onChange: (part: Partial<ResetChoice>) => void;
  /** lines of topic, partition and offset, shown while none are entered */
  readonly example: string;
}
/** The position that an offset reset goes to: a time, an offset, a shift, another group, or an offset per partition. */
export function ResetPosition({ choice, onChange, example }: ResetPositionProps) {
  switch (choice.how) {
    case "earliest":
    case "latest":
      return null;
    case "timestamp":
      return (
        <label className="flex flex-col gap-1 self-start">
          <span className="text-xs font-medium text-mut">Time, in your zone</span>
          <Input
            type="datetime-local"
            step={1}
            className="w-60"
            value={choice.from}
            onChange={(event) => onChange({ from: event.target.value })}
          />
        </label>
      );
    case "offset":
      return <WholeNumberField label="Offset" value={choice.offset} onChange={(offset) => onChange({ offset })} />;
    case "shift":
      return <WholeNumberField label="Events" value={choice.shift} onChange={(shift) => onChange({ shift })} />;
    case "group":
      return (
        <label className="flex flex-col gap-1 self-start">
          <span className="text-xs font-medium text-mut">Group</span>
          <Input
            className="w-72 font-mono"
            value={choice.like}
            maxLength={255}
            onChange={(event) => onChange({ like: event.target.value })}
          />
        </label>
      );
    case "offsets":
      return (
        <label className="flex flex-col gap-1">
          <span className="text-xs font-medium text-mut">A line each: topic,partition,offset</span>
          <Textarea
            className="font-mono text-xs"
            rows={4}
            value={choice.offsetLines}
            maxLength={3000}
            placeholder={example}
            onChange={(event) => onChange({ offsetLines: event.target.value })}
          />
        </label>
      );
  }
}
