"use client";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { Modal, ModalClose, ModalTitle, type ModalProps } from "./dialog.tsx";

export const Sheet = Radix.Root;
export const SheetTrigger = Radix.Trigger;

const SIDE = {
  right: "inset-y-0 right-0 w-[min(28rem,100%)] border-l data-[state=open]:slide-in-from-right",
  left: "inset-y-0 left-0 w-[min(17rem,85%)] border-r data-[state=open]:slide-in-from-left",
  bottom: "inset-x-0 bottom-0 max-h-[85dvh] rounded-t-xl border-t data-[state=open]:slide-in-from-bottom",
} as const;

interface SheetContentProps extends ModalProps {
  readonly title: ReactNode;
  readonly side?: keyof typeof SIDE;
}
/** A panel from the edge of the screen. */
export function SheetContent({ title, side = "right", className, children, ...props }: SheetContentProps) {
  return (
    <Modal
      className={cn("flex flex-col overflow-y-auto p-4 data-[state=open]:duration-200", SIDE[side], className)}
      {...props}
    >
      <div className="mb-3 flex items-center">
        <ModalTitle className="min-w-0 truncate font-semibold">{title}</ModalTitle>
        <ModalClose />
      </div>
      {children}
    </Modal>
  );
}
