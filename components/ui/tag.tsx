import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

const tag = cva(
  [
    "inline-flex h-5 shrink-0 items-center gap-1 rounded-[5px] px-[7px]",
    "text-2xs font-semibold tracking-wide whitespace-nowrap [&_svg]:size-3 [&_svg]:shrink-0",
  ],
  {
    variants: {
      tone: {
        neutral: "bg-raise text-mut",
        ok: "bg-okbg text-ok",
        warn: "bg-warnbg text-warn",
        bad: "bg-badbg text-bad",
        accent: "bg-accbg text-acc",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
);

export type Tone = NonNullable<VariantProps<typeof tag>["tone"]>;

/** A short word in the colour of a state. Colour never stands alone: the word carries the meaning. */
export function Tag({ className, tone, ...props }: ComponentProps<"span"> & VariantProps<typeof tag>) {
  return <span className={cn(tag({ tone }), className)} {...props} />;
}
