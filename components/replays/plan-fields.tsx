/** The fields of a plan: a name above a control. */
import type { ReactNode } from "react";
import { Input } from "#components/ui/input.tsx";

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export const Field = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <div className="flex flex-col gap-1">
    <span className="text-xs font-medium text-mut">{label}</span>
    {children}
  </div>
);

export const TextField = ({ label, value, placeholder, onChange }: FieldProps & { readonly placeholder: string }) => (
  <label className="flex flex-col gap-1">
    <span className="text-xs font-medium text-mut">{label}</span>
    <Input
      className="font-mono text-xs"
      value={value}
      maxLength={1000}
      placeholder={placeholder}
      onChange={(event) => onChange(event.target.value)}
    />
  </label>
);

export const TimeField = ({ label, value, onChange }: FieldProps) => (
  <label className="flex flex-col gap-1">
    <span className="text-xs font-medium text-mut">{label}</span>
    <Input type="datetime-local" step={1} value={value} onChange={(event) => onChange(event.target.value)} />
  </label>
);
