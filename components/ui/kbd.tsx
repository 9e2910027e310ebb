import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

export const Kbd = ({ className, ...props }: ComponentProps<"kbd">) => (
  <kbd
    className={cn("rounded border border-line2 bg-panel px-[5px] font-sans text-2xs text-dim", className)}
    {...props}
  />
);
