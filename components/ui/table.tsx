import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

/** A dense table: 32 px rows, scrolls sideways on narrow screens. */
export function Table({ className, ...props }: ComponentProps<"table">) {
  return (
    <div className="relative w-full overflow-x-auto" role="presentation">
      <table className={cn("w-full border-collapse", className)} {...props} />
    </div>
  );
}

export const TableHeader = (props: ComponentProps<"thead">) => <thead {...props} />;
export const TableBody = ({ className, ...props }: ComponentProps<"tbody">) => (
  <tbody className={cn("[&>tr:last-child>td]:border-b-0", className)} {...props} />
);

interface RowProps extends ComponentProps<"tr"> {
  /** The row that the keyboard or the address points at. */
  readonly selected?: boolean;
  readonly tone?: "bad" | "warn" | undefined;
}
export function TableRow({ className, selected, tone, ...props }: RowProps) {
  return (
    <tr
      data-selected={selected || undefined}
      className={cn(
        "hover:bg-raise/60 data-selected:bg-raise",
        tone === "bad" && "bg-badbg/50",
        tone === "warn" && "bg-warnbg/40",
        className,
      )}
      {...props}
    />
  );
}

interface CellProps {
  /** Right-aligned. */
  readonly numeric?: boolean;
}
export const TableHead = ({ className, numeric, ...props }: ComponentProps<"th"> & CellProps) => (
  <th
    scope="col"
    className={cn(
      "h-7 border-b px-2.5 text-left text-2xs font-medium whitespace-nowrap text-dim",
      numeric && "text-right",
      className,
    )}
    {...props}
  />
);
export const TableCell = ({ className, numeric, ...props }: ComponentProps<"td"> & CellProps) => (
  <td
    className={cn("h-8 border-b border-line/70 px-2.5 whitespace-nowrap", numeric && "text-right", className)}
    {...props}
  />
);
