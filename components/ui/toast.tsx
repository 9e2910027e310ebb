"use client";
import { CheckCircle2, CircleAlert, X } from "lucide-react";
import { Toast as Radix } from "radix-ui";
import { useSyncExternalStore } from "react";
import { cn } from "./cn.ts";

interface Note {
  readonly id: number;
  readonly tone: "ok" | "bad";
  readonly title: string;
  readonly detail: string | undefined;
}

const MOST_AT_ONCE = 4;
let notes: readonly Note[] = [];
let lastId = 0;
const listeners = new Set<() => void>();
const set = (next: readonly Note[]) => {
  notes = next;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const NONE: readonly Note[] = [];

const add = (tone: Note["tone"], title: string, detail?: string) =>
  set([...notes, { id: ++lastId, tone, title, detail }].slice(-MOST_AT_ONCE));

/** Reports the outcome of an action. */
export const toast = {
  done: (title: string, detail?: string) => add("ok", title, detail),
  failed: (title: string, error: unknown) => add("bad", title, error instanceof Error ? error.message : String(error)),
} as const;

export function Toaster() {
  const shown = useSyncExternalStore(
    subscribe,
    () => notes,
    () => NONE,
  );
  return (
    <Radix.Provider swipeDirection="right" duration={6000}>
      {shown.map((note) => (
        <Radix.Root
          key={note.id}
          type={note.tone === "bad" ? "foreground" : "background"}
          onOpenChange={(open) => !open && set(notes.filter((other) => other.id !== note.id))}
          className={cn(
            "flex items-start gap-2.5 rounded-lg border bg-panel p-3 shadow-float",
            "data-[state=open]:animate-in data-[state=open]:slide-in-from-right",
            note.tone === "bad" ? "border-badline" : "border-line2",
          )}
        >
          {note.tone === "ok" ? (
            <CheckCircle2 aria-hidden className="mt-px size-4 shrink-0 text-ok" />
          ) : (
            <CircleAlert aria-hidden className="mt-px size-4 shrink-0 text-bad" />
          )}
          <div className="min-w-0 flex-1">
            <Radix.Title className="font-medium">{note.title}</Radix.Title>
            {note.detail !== undefined && (
              <Radix.Description className="mt-0.5 break-words text-mut">{note.detail.slice(0, 400)}</Radix.Description>
            )}
          </div>
          <Radix.Close aria-label="Dismiss" className="text-dim hover:text-text">
            <X className="size-4" />
          </Radix.Close>
        </Radix.Root>
      ))}
      {/* Above the time rail, which must stay visible. */}
      <Radix.Viewport
        className={cn(
          "fixed right-4 bottom-4 z-[70] flex w-[min(24rem,calc(100%-2rem))] flex-col gap-2",
          "outline-none sm:bottom-26",
        )}
      />
    </Radix.Provider>
  );
}
