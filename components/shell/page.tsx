import type { ReactNode } from "react";
import { cn } from "#components/ui/cn.ts";

interface PageProps {
  readonly title: ReactNode;
  /** State tags beside the title. */
  readonly tags?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}
/** A scrolling page: title with tags, actions at the right, content below. */
export function Page({ title, tags, actions, children, className }: PageProps) {
  return (
    <div className={cn("flex flex-col gap-3.5 px-5 py-4.5 max-md:px-3", className)}>
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-2">
        <h1 className="min-w-0 truncate text-big font-semibold tracking-tight">{title}</h1>
        {tags}
        {actions !== undefined && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
