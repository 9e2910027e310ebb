import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

const FIELD = cn(
  "w-full rounded-md border border-line2 bg-panel px-2.5 text-text placeholder:text-dim",
  "hover:border-dim focus-visible:border-acc disabled:opacity-50 aria-invalid:border-bad",
);

export const Input = ({ className, ...props }: ComponentProps<"input">) => (
  <input className={cn(FIELD, "h-8", className)} {...props} />
);
export const Textarea = ({ className, ...props }: ComponentProps<"textarea">) => (
  <textarea className={cn(FIELD, "min-h-16 py-1.5", className)} {...props} />
);
export const Label = ({ className, ...props }: ComponentProps<"label">) => (
  <label className={cn("text-xs font-medium text-mut", className)} {...props} />
);
