"use client";
import { Undo2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { Button } from "#components/ui/button.tsx";
import { pages } from "#lib/client/routes.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { useUndoReplay } from "./use-replay.ts";

/** Plans the undo as a draft, which is then reviewed like any other. */
export function UndoButton({ view: { row, undo } }: { readonly view: ReplayView }) {
  const router = useRouter();
  const planUndo = useUndoReplay();
  const refusal = useWriteRefusal();
  if (!undo.possible) return null;
  return (
    <Button
      disabled={refusal !== null || planUndo.isPending}
      title={refusal ?? "Plans to put the group back where it stood; nothing moves yet"}
      onClick={() => planUndo.mutate(row.id, { onSuccess: (draft) => router.push(pages.replay(draft.row.id)) })}
    >
      <Undo2 /> {planUndo.isPending ? "Asking the broker…" : "Undo…"}
    </Button>
  );
}
