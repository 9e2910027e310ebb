"use client";
import { Search } from "lucide-react";
import { useEffect, useRef, useState, type ComponentProps } from "react";
import { cn } from "#components/ui/cn.ts";
import { Input } from "#components/ui/input.tsx";

const SETTLE_MS = 200;

interface FilterInputProps extends Omit<ComponentProps<"input">, "value" | "onChange"> {
  readonly value: string;
  /** Called when typing pauses, not for each character. */
  readonly onSettle: (value: string) => void;
  /** The main filter of the list: the key `/` focuses it. */
  readonly main?: boolean;
}
export function FilterInput({ value, onSettle, main = false, className, ...props }: FilterInputProps) {
  const [typed, setTyped] = useState(value);
  const [given, setGiven] = useState(value);
  const settle = useRef<ReturnType<typeof setTimeout>>(undefined);
  // The address has changed (back button, a link): show its value.
  if (given !== value) {
    setGiven(value);
    setTyped(value);
  }
  useEffect(() => () => clearTimeout(settle.current), []);
  return (
    <div className={cn("relative", className)}>
      {main && (
        <Search
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-dim"
        />
      )}
      <Input
        {...props}
        {...(main && { "data-list-filter": true })}
        className={main ? "pl-8" : undefined}
        value={typed}
        onChange={(event) => {
          const next = event.target.value;
          setTyped(next);
          clearTimeout(settle.current);
          settle.current = setTimeout(() => onSettle(next.trim()), SETTLE_MS);
        }}
      />
    </div>
  );
}
