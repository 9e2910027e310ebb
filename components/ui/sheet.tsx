"use client";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";
import { Overlay } from "./dialog.tsx";

export const Sheet = Radix.Root;
export const SheetTrigger = Radix.Trigger;

const SIDE = {
  right: "inset-y-0 right-0 w-[min(28rem,100%)] border-l data-[state=open]:slide-in-from-right",
  left: "inset-y-0 left-0 w-[min(17rem,85%)] border-r data-[state=open]:slide-in-from-left",
  bottom: "inset-x-0 bottom-0 max-h-[85dvh] rounded-t-xl border-t data-[state=open]:slide-in-from-bottom",
} as const;

interface SheetContentProps extends Omit<ComponentProps<typeof Radix.Content>, "title"> {
  readonly title: ReactNode;
  readonly side?: keyof typeof SIDE;
}
/** A panel from the edge of the screen. */
export function SheetContent({ title, side = "right", className, children, ...props }: SheetContentProps) {
  return (
    <Radix.Portal>
      <Overlay />
      <Radix.Content
        aria-describedby={undefined}
        className={cn(
          "fixed z-50 flex flex-col overflow-y-auto border-line2 bg-panel p-4 shadow-float data-[state=open]:animate-in data-[state=open]:duration-200",
          SIDE[side],
          className,
        )}
        {...props}
      >
        <div className="mb-3 flex items-center">
          <Radix.Title className="min-w-0 truncate font-semibold">{title}</Radix.Title>
          <Radix.Close asChild>
            <Button variant="ghost" size="icon-sm" className="ml-auto" aria-label="Close">
              <X />
            </Button>
          </Radix.Close>
        </div>
        {children}
      </Radix.Content>
    </Radix.Portal>
  );
}
