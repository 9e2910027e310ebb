"use client";
import { Check, Minus } from "lucide-react";
import { Checkbox as RadixCheckbox, Switch as RadixSwitch } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

export const Checkbox = ({ className, ...props }: ComponentProps<typeof RadixCheckbox.Root>) => (
  <RadixCheckbox.Root
    className={cn(
      "group grid size-4 shrink-0 place-items-center rounded border border-dim bg-panel text-bg disabled:opacity-50",
      "data-[state=checked]:border-text data-[state=checked]:bg-text",
      "data-[state=indeterminate]:border-text data-[state=indeterminate]:bg-text",
      className,
    )}
    {...props}
  >
    <RadixCheckbox.Indicator>
      <Check className="size-3 group-data-[state=indeterminate]:hidden" strokeWidth={3} />
      <Minus className="hidden size-3 group-data-[state=indeterminate]:block" strokeWidth={3} />
    </RadixCheckbox.Indicator>
  </RadixCheckbox.Root>
);

export const Switch = ({ className, ...props }: ComponentProps<typeof RadixSwitch.Root>) => (
  <RadixSwitch.Root
    className={cn(
      "h-[18px] w-8 shrink-0 rounded-full border border-dim bg-raise p-px transition-colors disabled:opacity-50",
      "data-[state=checked]:border-acc data-[state=checked]:bg-acc",
      className,
    )}
    {...props}
  >
    <RadixSwitch.Thumb
      className={cn(
        "block size-3.5 rounded-full bg-mut transition-transform",
        "data-[state=checked]:translate-x-3.5 data-[state=checked]:bg-bg",
      )}
    />
  </RadixSwitch.Root>
);
