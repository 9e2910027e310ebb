"use client";
import { History } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { ClockTime, RelativeTime } from "#components/time/relative-time.tsx";
import { useAt } from "./time-window.ts";

interface PastBarProps {
  readonly at: string;
  readonly missing: string | null;
  /** shown beside the button: the current state */
  readonly children?: ReactNode;
}
/** Says that the page shows the past, what is missing for that time, and offers the way back to live. */
export function PastBar({ at, missing, children }: PastBarProps) {
  const [, setAt] = useAt();
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-warnline bg-warnbg px-4 py-2"
    >
      <History aria-hidden className="size-4 shrink-0 text-warn" />
      <p className="min-w-0 flex-1 break-words">
        Showing the state at{" "}
        <b className="font-semibold">
          <ClockTime at={at} />
        </b>
        , <RelativeTime at={at} />.{missing !== null && <span className="text-mut"> {missing}</span>}
      </p>
      {children}
      <Button size="sm" onClick={() => setAt(null)}>
        Back to live
      </Button>
    </div>
  );
}
