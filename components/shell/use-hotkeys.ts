"use client";
import { useEffect, useRef } from "react";

/** Keys to actions: `f`, `Escape`, `?`, or two in a row: `g t`. `mod+k` is ⌘K or Ctrl+K. */
export type Hotkeys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const SEQUENCE_MS = 900;
let previous: { readonly key: string; readonly atMs: number } | undefined;
let recorded: KeyboardEvent | undefined;

/** Keys that work anywhere on the page, except while typing or while a dialog or menu is open. */
export function useHotkeys(hotkeys: Hotkeys): void {
  const latest = useRef(hotkeys);
  useEffect(() => {
    latest.current = hotkeys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return;
      const mod = event.metaKey || event.ctrlKey;
      const name = mod ? `mod+${event.key.toLowerCase()}` : event.key;
      if (!mod && (isTakenElsewhere(event.target) || isPressing(event))) return;
      const sequence =
        previous && event.timeStamp - previous.atMs < SEQUENCE_MS && !mod ? `${previous.key} ${event.key}` : undefined;
      // Several components listen; only the first one records the key.
      if (recorded !== event) {
        recorded = event;
        queueMicrotask(() => (previous = { key: event.key, atMs: event.timeStamp }));
      }
      const action =
        (sequence !== undefined ? latest.current[sequence] : undefined) ??
        (sequence !== undefined && previous?.key === "g" ? undefined : latest.current[name]);
      if (!action) return;
      event.preventDefault();
      action(event);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function isTakenElsewhere(target: EventTarget | null): boolean {
  if (
    document.querySelector(
      '[role="dialog"][data-state="open"], [role="menu"][data-state="open"], [role="listbox"][data-state="open"]',
    )
  )
    return true;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

/** Space and enter belong to the button, link or switch that has the focus. */
const isPressing = (event: KeyboardEvent): boolean =>
  (event.key === " " || event.key === "Enter") &&
  event.target instanceof Element &&
  event.target.closest("button, a[href], summary, [role=button], [role=switch], [role=checkbox], [role=tab]") !== null;
