"use client";
import { Popover as Radix } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

export const Popover = Radix.Root;
export const PopoverTrigger = Radix.Trigger;

/** Must have a name: screen readers announce it as a dialog. */
type PopoverContentProps = ComponentProps<typeof Radix.Content> & { readonly "aria-label": string };
export const PopoverContent = ({ className, sideOffset = 6, ...props }: PopoverContentProps) => (
  <Radix.Portal>
    <Radix.Content
      sideOffset={sideOffset}
      collisionPadding={8}
      className={cn(
        "z-50 w-72 rounded-lg border border-line2 bg-panel p-3 shadow-float",
        "data-[state=open]:animate-in data-[state=open]:fade-in-0",
        className,
      )}
      {...props}
    />
  </Radix.Portal>
);
