import { useMemo } from "react";
import { cn } from "#components/ui/cn.ts";
import { stackLines } from "./stack-frames.ts";

const COLOUR = { message: "text-text", frame: "text-text/80", library: "text-dim" } as const;

/** A stack trace; the first line of application code is marked by text and colour. */
export function StackTrace({ stack }: { stack: string }) {
  const lines = useMemo(() => stackLines(stack), [stack]);
  return (
    <div
      className="max-h-[420px] overflow-auto px-3.5 pb-3 font-mono text-[12px] leading-[1.65]"
      tabIndex={0}
      role="region"
      aria-label="Stack trace"
    >
      {lines.map((line, i) => (
        <div
          key={i}
          className={cn(
            "flex w-max min-w-full items-baseline gap-3 whitespace-pre",
            line.first ? "-mx-1 rounded bg-badbg px-1 text-bad" : COLOUR[line.kind],
          )}
        >
          <bdi className="[tab-size:2]">{line.text || " "}</bdi>
          {line.first && <span className="font-sans text-[11px] text-bad">← first line of your code</span>}
        </div>
      ))}
    </div>
  );
}
