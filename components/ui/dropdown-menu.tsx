"use client";
import { Check } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

export const DropdownMenu = Radix.Root;
export const DropdownMenuTrigger = Radix.Trigger;
export const DropdownMenuRadioGroup = Radix.RadioGroup;

export const DropdownMenuContent = ({ className, sideOffset = 6, ...props }: ComponentProps<typeof Radix.Content>) => (
  <Radix.Portal>
    <Radix.Content
      sideOffset={sideOffset}
      collisionPadding={8}
      className={cn(
        "z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-40 overflow-y-auto",
        "rounded-lg border border-line2 bg-panel p-1 shadow-float",
        "data-[state=open]:animate-in data-[state=open]:fade-in-0",
        className,
      )}
      {...props}
    />
  </Radix.Portal>
);

const ITEM = cn(
  "relative flex h-8 cursor-default items-center gap-2 rounded-md px-2 text-text outline-none select-none",
  "data-disabled:opacity-50 data-highlighted:bg-raise [&_svg]:size-4 [&_svg]:stroke-[1.5]",
);
export const DropdownMenuItem = ({ className, ...props }: ComponentProps<typeof Radix.Item>) => (
  <Radix.Item className={cn(ITEM, className)} {...props} />
);
export const DropdownMenuLabel = ({ className, ...props }: ComponentProps<typeof Radix.Label>) => (
  <Radix.Label className={cn("px-2 py-1.5 text-2xs text-dim", className)} {...props} />
);
export const DropdownMenuSeparator = () => <Radix.Separator className="my-1 h-px bg-line" />;

export const DropdownMenuRadioItem = ({ className, children, ...props }: ComponentProps<typeof Radix.RadioItem>) => (
  <Radix.RadioItem className={cn(ITEM, "pl-7", className)} {...props}>
    <Radix.ItemIndicator className="absolute left-2">
      <Check />
    </Radix.ItemIndicator>
    {children}
  </Radix.RadioItem>
);
