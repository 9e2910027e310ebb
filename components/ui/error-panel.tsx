import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";

interface ErrorPanelProps {
  /** What failed, in the reader's words: "The groups could not be loaded". */
  readonly title: ReactNode;
  readonly error: unknown;
  readonly onRetry?: () => void;
  /** What still works, or what to do. */
  readonly children?: ReactNode;
  readonly className?: string;
}
/** An error for people: what failed, why, and what to do. Never a stack trace. */
export function ErrorPanel({ title, error, onRetry, children, className }: ErrorPanelProps) {
  return (
    <div
      role="alert"
      className={cn("flex flex-wrap items-start gap-3 rounded-lg border border-badline bg-badbg p-3.5", className)}
    >
      <CircleAlert aria-hidden className="mt-px size-4 shrink-0 text-bad" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{title}</p>
        <p className="mt-0.5 break-words text-mut">{messageOf(error)}</p>
        {children !== undefined && <div className="mt-0.5 text-mut">{children}</div>}
      </div>
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : typeof error === "string" ? error : "Unknown reason.").slice(0, 600);
