import { FilterInput } from "#components/page/filter-input.tsx";
import { Input } from "#components/ui/input.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Select } from "#components/ui/select.tsx";
import type { Position, PositionChange } from "./use-position.ts";

const MAX_LISTED = 500;

interface PositionFilterProps {
  readonly position: Position;
  readonly isLive: boolean;
  readonly partitions: readonly number[];
  readonly onChange: (change: PositionChange) => void;
}
/** Live or browse, which partition, and where to begin. */
export function PositionFilter({ position, isLive, partitions, onChange }: PositionFilterProps) {
  return (
    <>
      <Segmented
        aria-label="Mode"
        value={isLive ? "live" : "browse"}
        onValueChange={(mode) => onChange({ mode, message: null })}
        options={[
          { value: "live", label: "Live tail" },
          { value: "browse", label: "Browse" },
        ]}
      />
      <Select
        aria-label="Partition"
        value={position.partition === null ? "*" : String(position.partition)}
        onValueChange={(partition) =>
          onChange({ partition: partition === "*" ? null : Number(partition), message: null })
        }
        options={[
          { value: "*", label: "All partitions" },
          ...partitions.slice(0, MAX_LISTED).map((one) => ({ value: String(one), label: `Partition ${one}` })),
        ]}
      />
      {!isLive && (
        <>
          <FilterInput
            className="w-40"
            inputMode="numeric"
            aria-label="From offset"
            placeholder="From offset"
            value={position.offset}
            onSettle={(offset) =>
              onChange({ offset: /^\d{0,19}$/.test(offset) ? offset : "", since: "", message: null })
            }
          />
          <Input
            type="datetime-local"
            step={1}
            className="w-56"
            aria-label="From time"
            value={position.since}
            onChange={(event) => onChange({ since: event.target.value, offset: "", message: null })}
          />
        </>
      )}
    </>
  );
}
