"use client";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";

export const Dialog = Radix.Root;

export type ModalProps = Omit<ComponentProps<typeof Radix.Content>, "title">;
/** A surface over the dimmed page. Without a description none is announced. */
export function Modal({ className, children, ...props }: ModalProps) {
  return (
    <Radix.Portal>
      <Radix.Overlay
        className={cn(
          "fixed inset-0 z-50 bg-black/60",
          "data-[state=closed]:animate-out data-[state=closed]:fade-out-0",
          "data-[state=open]:animate-in data-[state=open]:fade-in-0",
        )}
      />
      <Radix.Content
        aria-describedby={undefined}
        className={cn("fixed z-50 border-line2 bg-panel shadow-float data-[state=open]:animate-in", className)}
        {...props}
      >
        {children}
      </Radix.Content>
    </Radix.Portal>
  );
}

export const ModalTitle = Radix.Title;

export const ModalClose = () => (
  <Radix.Close asChild>
    <Button variant="ghost" size="icon-sm" className="ml-auto" aria-label="Close">
      <X />
    </Button>
  </Radix.Close>
);

interface DialogContentProps extends ModalProps {
  readonly title: ReactNode;
  readonly description?: ReactNode;
}
/** A window over the page. Its title is its accessible name. */
export function DialogContent({ title, description, className, children, ...props }: DialogContentProps) {
  const described = description !== undefined;
  return (
    <Modal
      className={cn(
        "top-1/2 left-1/2 max-h-[88dvh] w-[calc(100%-2rem)] max-w-xl -translate-1/2",
        "flex flex-col gap-3 overflow-y-auto rounded-xl border p-5",
        "data-[state=open]:fade-in-0 data-[state=open]:zoom-in-95",
        className,
      )}
      {...props}
    >
      <div className="flex items-start gap-4">
        <div className="min-w-0">
          <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
          {described && <Radix.Description className="mt-1 text-mut">{description}</Radix.Description>}
        </div>
        <ModalClose />
      </div>
      {children}
    </Modal>
  );
}

export const DialogFooter = ({ className, ...props }: ComponentProps<"div">) => (
  <div className={cn("mt-1 flex flex-wrap justify-end gap-2", className)} {...props} />
);
