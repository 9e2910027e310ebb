"use client";
import { Button } from "./button.tsx";
import { Input } from "./input.tsx";

const HOUR_MS = 3_600_000;
const quickWord = (hours: number) => (hours < 24 ? `${hours} h` : `${hours / 24} d`);

/** So many hours from now, as the browser's field takes it: local time without a zone. */
export function hoursFromNow(hours: number): string {
  const at = new Date(Date.now() + hours * HOUR_MS);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** A moment ahead: picked, or one of a few usual spans from now. */
export function UntilField({ value, quickHours, onChange }: { readonly value: string; readonly quickHours: readonly number[]; readonly onChange: (value: string) => void }) {
  return (
    <div className="flex flex-wrap items-end gap-2">
      <label className="flex min-w-48 flex-1 flex-col gap-1">
        <span className="text-xs font-medium text-mut">Until</span>
        <Input type="datetime-local" value={value} onChange={(event) => onChange(event.target.value)} />
      </label>
      {quickHours.map((hours) => (
        <Button key={hours} variant="outline" size="lg" onClick={() => onChange(hoursFromNow(hours))}>{quickWord(hours)}</Button>
      ))}
    </div>
  );
}
