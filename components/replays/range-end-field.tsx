import { Input } from "#components/ui/input.tsx";
import { localTime } from "#components/ui/local-time.ts";
import type { FieldProps } from "./plan-fields.tsx";

/** An offset or a time; which of the two the field is follows from what is in it. */
export function RangeEndField({ label, value, onChange }: FieldProps) {
  const byTime = value !== "" && !/^\d+$/.test(value);
  return (
    <div className="flex flex-col gap-1">
      <span className="flex justify-between text-xs font-medium text-mut">
        {label} {byTime ? "time" : "offset"}
        <button
          type="button"
          className="text-acc underline underline-offset-2"
          onClick={() => onChange(byTime ? "" : localTime(new Date(), "seconds"))}
        >
          {byTime ? "by offset" : "by time"}
        </button>
      </span>
      {byTime ? (
        <Input
          aria-label={`${label} time`}
          type="datetime-local"
          step={1}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <Input
          aria-label={`${label} offset`}
          inputMode="numeric"
          className="font-mono text-xs"
          value={value}
          maxLength={18}
          placeholder={label === "To" ? "the end as it is now" : "0"}
          onChange={(event) => onChange(event.target.value.replaceAll(/\D/g, ""))}
        />
      )}
    </div>
  );
}
