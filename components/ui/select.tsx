"use client";
import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { useNonce } from "./nonce.tsx";

interface SelectProps<V extends string> {
  readonly value: V;
  readonly onValueChange: (value: V) => void;
  readonly options: readonly { readonly value: V; readonly label: ReactNode }[];
  /** The accessible name where no label element gives one. */
  readonly "aria-label"?: string;
  readonly id?: string;
  readonly disabled?: boolean;
  readonly className?: string;
}

/** One of a few values. A value may not be the empty string (Radix uses it for "nothing selected"). */
export function Select<V extends string>({
  value,
  onValueChange,
  options,
  className,
  disabled,
  ...named
}: SelectProps<V>) {
  const nonce = useNonce();
  return (
    <Radix.Root
      value={value}
      onValueChange={(next) => onValueChange(next as V)}
      {...(disabled !== undefined && { disabled })}
    >
      <Radix.Trigger
        {...named}
        className={cn(
          "inline-flex h-8 items-center justify-between gap-2 rounded-md border border-line2 bg-panel px-2.5",
          "text-left whitespace-nowrap text-text hover:border-dim disabled:opacity-50 [&>span]:truncate",
          className,
        )}
      >
        <Radix.Value />
        <Radix.Icon>
          <ChevronDown className="size-3.5 text-dim" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          className={cn(
            "z-[60] max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width)",
            "overflow-hidden rounded-lg border border-line2 bg-panel shadow-float",
          )}
        >
          <Radix.Viewport className="p-1" {...(nonce !== undefined && { nonce })}>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                className={cn(
                  "relative flex h-8 items-center rounded-md pr-3 pl-7",
                  "outline-none select-none data-highlighted:bg-raise",
                )}
              >
                <Radix.ItemIndicator className="absolute left-2">
                  <Check className="size-4" />
                </Radix.ItemIndicator>
                <Radix.ItemText>{option.label}</Radix.ItemText>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
