"use client";
import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

export const TooltipProvider = Radix.Provider;

interface TooltipProps {
  readonly content: ReactNode;
  /** One element that can take focus; otherwise the tooltip cannot be reached by keyboard. */
  readonly children: ReactNode;
  readonly side?: "top" | "right" | "bottom" | "left";
  readonly className?: string;
}
export function Tooltip({ content, children, side = "top", className }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={cn(
            "z-[60] max-w-80 rounded-md border border-line2 bg-raise px-2.5 py-1.5 text-xs text-text shadow-float",
            "data-[state=delayed-open]:animate-in data-[state=delayed-open]:fade-in-0",
            className,
          )}
        >
          {content}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
