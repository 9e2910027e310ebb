import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn.ts";
import type { Tone } from "./tag.tsx";

export const Card = ({ className, ...props }: ComponentProps<"section">) => (
  <section className={cn("min-w-0 rounded-lg border bg-panel", className)} {...props} />
);

/** The first line of a card: its title, and details at the right. */
export function CardHeader({
  title,
  children,
  className,
}: {
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly className?: string;
}) {
  return (
    <div className={cn("flex min-h-10 items-center gap-3 px-3.5 py-2", className)}>
      <h2 className="min-w-0 truncate text-xs font-medium text-mut">{title}</h2>
      <div className="ml-auto flex items-center gap-3 text-xs text-dim">{children}</div>
    </div>
  );
}

export const CardBody = ({ className, ...props }: ComponentProps<"div">) => (
  <div className={cn("px-3.5 pb-3", className)} {...props} />
);

const VALUE_TONE: Readonly<Record<Tone, string>> = {
  neutral: "",
  ok: "text-ok",
  warn: "text-warn",
  bad: "text-bad",
  accent: "text-acc",
};

export interface StatCardProps {
  readonly label: ReactNode;
  readonly value: ReactNode;
  /** One line that explains the number. */
  readonly context?: ReactNode;
  readonly tone?: Tone;
  readonly className?: string;
}

/** A label, a number and a line of context. */
export function StatCard({ label, value, context, tone = "neutral", className }: StatCardProps) {
  return (
    <div className={cn("min-w-0 rounded-lg border bg-panel px-3.5 py-2.5", className)}>
      <div className="truncate text-xs font-medium text-mut">{label}</div>
      <div className={cn("truncate text-big font-semibold tracking-tight", VALUE_TONE[tone])}>{value}</div>
      {context !== undefined && <div className="line-clamp-2 text-dim">{context}</div>}
    </div>
  );
}
