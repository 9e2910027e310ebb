"use client";
import { Button } from "./button.tsx";
import { Input } from "./input.tsx";
import { localTime } from "./local-time.ts";

const HOUR_MS = 3_600_000;
const spanLabel = (hours: number) => (hours < 24 ? `${hours} h` : `${hours / 24} d`);

/** The time that many hours from now, in the format of the browser's datetime field. */
export const hoursFromNow = (hours: number): string => localTime(new Date(Date.now() + hours * HOUR_MS), "minutes");

/** A time in the future: picked, or a few usual spans from now. */
export function UntilField({
  value,
  quickHours,
  onChange,
}: {
  readonly value: string;
  readonly quickHours: readonly number[];
  readonly onChange: (value: string) => void;
}) {
  return (
    <div className="flex flex-wrap items-end gap-2">
      <label className="flex min-w-48 flex-1 flex-col gap-1">
        <span className="text-xs font-medium text-mut">Until</span>
        <Input type="datetime-local" value={value} onChange={(event) => onChange(event.target.value)} />
      </label>
      {quickHours.map((hours) => (
        <Button key={hours} variant="outline" size="lg" onClick={() => onChange(hoursFromNow(hours))}>
          {spanLabel(hours)}
        </Button>
      ))}
    </div>
  );
}
