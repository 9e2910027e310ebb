"use client";
import { Plus, X } from "lucide-react";
import { useId } from "react";
import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";

const MAX_HEADERS = 50;
const MAX_SUGGESTED = 100;

export interface Header {
  readonly name: string;
  readonly value: string;
}
interface HeaderFieldsProps {
  readonly headers: readonly Header[];
  readonly onChange: (headers: readonly Header[]) => void;
  /** the names of the original's headers, suggested while typing */
  readonly known: readonly string[];
}
/** The headers that replace those of the original. */
export function HeaderFields({ headers, onChange, known }: HeaderFieldsProps) {
  const list = useId();
  const change = (index: number, part: Partial<Header>) =>
    onChange(headers.map((header, i) => (i === index ? { ...header, ...part } : header)));
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="text-xs font-medium text-mut">Headers that are set instead of the original’s</legend>
      {headers.map((header, i) => (
        <div key={i} className="flex gap-2">
          <Input
            aria-label={`Name of header ${i + 1}`}
            className="font-mono text-xs"
            list={list}
            value={header.name}
            maxLength={200}
            onChange={(event) => change(i, { name: event.target.value })}
          />
          <Input
            aria-label={`Value of header ${i + 1}`}
            className="font-mono text-xs"
            value={header.value}
            maxLength={8192}
            onChange={(event) => change(i, { value: event.target.value })}
          />
          <Button
            aria-label={`Leave header ${i + 1} as it is`}
            onClick={() => onChange(headers.filter((_, other) => other !== i))}
          >
            <X />
          </Button>
        </div>
      ))}
      <datalist id={list}>
        {[...new Set(known)].slice(0, MAX_SUGGESTED).map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Button
        className="self-start"
        disabled={headers.length >= MAX_HEADERS}
        onClick={() => onChange([...headers, { name: "", value: "" }])}
      >
        <Plus /> Set a header
      </Button>
    </fieldset>
  );
}
