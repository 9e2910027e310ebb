import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

const button = cva(
  [
    "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border",
    "font-medium whitespace-nowrap transition-colors",
    "disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50",
    "[&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:stroke-[1.5]",
  ],
  {
    variants: {
      variant: {
        default: "border-line2 bg-raise text-text hover:border-dim",
        primary: "border-text bg-text text-bg hover:opacity-90",
        outline: "border-line2 bg-panel text-mut hover:text-text",
        ghost: "border-transparent text-mut hover:bg-raise hover:text-text",
        danger: "border-badline bg-raise text-bad hover:bg-badbg",
        link: "border-transparent text-acc underline-offset-4 hover:underline",
      },
      size: {
        sm: "h-7 px-2 text-xs",
        md: "h-[30px] px-[11px]",
        lg: "h-8 px-3",
        icon: "size-8 p-0",
        "icon-sm": "size-6 p-0",
      },
    },
    defaultVariants: { variant: "default", size: "md" },
  },
);

export interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof button> {
  /** Renders its only child (a link, say) in the style of the button. */
  readonly asChild?: boolean;
}

export function Button({ className, variant, size, asChild = false, type, ...props }: ButtonProps) {
  const Part = asChild ? Slot.Root : "button";
  return (
    <Part
      {...(!asChild && { type: type ?? "button" })}
      className={cn(button({ variant, size }), className)}
      {...props}
    />
  );
}
