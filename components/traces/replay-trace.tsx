"use client";
import { RotateCcw } from "lucide-react";
import { useMemo, useState } from "react";
import { RedriveDialog } from "#components/replays/redrive-dialog.tsx";
import { Button } from "#components/ui/button.tsx";
import type { TraceView } from "#lib/contracts/traces.ts";

/** Proposes only the failed events, where there are some: that is the usual reason to replay a trace. */
export function ReplayTrace({ view }: { readonly view: TraceView }) {
  const [isOpen, setOpen] = useState(false);
  const groups = useMemo(
    () => [...new Set(view.events.flatMap((event) => event.fates.map((fate) => fate.group)))].toSorted(),
    [view.events],
  );
  const failedOnly = view.events.some((event) => event.deadLetter);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <RotateCcw /> Replay…
      </Button>
      <RedriveDialog
        selection={
          isOpen
            ? { select: { by: "trace", traceId: view.traceId, failedOnly }, items: null, begin: { failedOnly } }
            : null
        }
        onClose={() => setOpen(false)}
        groups={groups}
      />
    </>
  );
}
