import { Input } from "#components/ui/input.tsx";

/** A field for an offset, a partition or a number of events. */
export const WholeNumberField = ({
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
