import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

interface EmptyStateProps {
  readonly icon?: LucideIcon;
  /** What would be here. */
  readonly title: ReactNode;
  /** The command or click that fills it. */
  readonly children?: ReactNode;
  readonly className?: string;
}
/** Says what would be here and how to get it. */
export function EmptyState({ icon: Icon, title, children, className }: EmptyStateProps) {
  return (
    <div className={cn("mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-12 text-center", className)}>
      {Icon && (
        <span className="mb-1 grid size-10 place-items-center rounded-lg border bg-raise text-mut">
          <Icon aria-hidden className="size-5" strokeWidth={1.5} />
        </span>
      )}
      <p className="text-base font-medium">{title}</p>
      <div className="text-mut">{children}</div>
    </div>
  );
}
