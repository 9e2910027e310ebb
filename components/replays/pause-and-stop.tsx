"use client";
import { Pause, Play, Square } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { useCancelReplay, usePauseReplay } from "./use-replay.ts";

export function PauseAndStop({ view: { row } }: { readonly view: ReplayView }) {
  const cancel = useCancelReplay();
  const pausing = usePauseReplay();
  const refusal = useWriteRefusal();
  const paused = row.status === "paused";
  if (row.status !== "queued" && row.status !== "running" && !paused) return null;
  return (
    <>
      {row.kind === "redrive" && (
        <Button
          variant={paused ? "primary" : "default"}
          disabled={refusal !== null || pausing.isPending}
          title={refusal ?? (paused && row.error !== null ? "Sends the rest anyway" : undefined)}
          onClick={() => pausing.mutate({ id: row.id, pause: !paused })}
        >
          {paused ? (
            <>
              <Play /> Resume
            </>
          ) : (
            <>
              <Pause /> Pause
            </>
          )}
        </Button>
      )}
      <Button
        variant="danger"
        disabled={refusal !== null || cancel.isPending}
        title={refusal ?? "What was sent stays sent"}
        onClick={() => cancel.mutate(row.id)}
      >
        <Square /> {cancel.isPending ? "Stopping…" : "Stop"}
      </Button>
    </>
  );
}
