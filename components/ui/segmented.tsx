"use client";
import { ToggleGroup } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

interface SegmentedProps<V extends string> {
  readonly value: V;
  readonly onValueChange: (value: V) => void;
  readonly options: readonly { readonly value: V; readonly label: ReactNode }[];
  readonly "aria-label": string;
  readonly className?: string;
}
/** A few choices side by side, one of them selected. */
export function Segmented<V extends string>({ value, onValueChange, options, className, ...named }: SegmentedProps<V>) {
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      onValueChange={(next) => next !== "" && onValueChange(next as V)}
      {...named}
      className={cn("inline-flex h-8 items-center rounded-md border border-line2 bg-panel p-0.5", className)}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className={cn(
            "flex h-full items-center gap-1.5 rounded-[4px] px-2.5 whitespace-nowrap text-mut",
            "hover:text-text data-[state=on]:bg-raise data-[state=on]:text-text",
          )}
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
