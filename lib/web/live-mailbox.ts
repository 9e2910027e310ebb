/** What waits to be sent to one browser: the latest frame of each kind and nothing more, however slow it reads. */
import type { Changed } from "#lib/contracts/stream.ts";
import type { SseFrame } from "./sse.ts";

export type Noun = Changed["nouns"][number];

export interface Mailbox extends AsyncIterator<SseFrame, undefined> {
  /** replaces the frame of the same event that is still waiting */
  put(event: "pulse" | "flow", text: string): void;
  changed(nouns: Iterable<Noun>): void;
  close(): void;
}

export function openMailbox(onClose: (mailbox: Mailbox) => void): Mailbox {
  const waiting = new Map<string, SseFrame>();
  const nouns = new Set<Noun>();
  let closed = false;
  let wake: (() => void) | undefined;
  const notify = () => {
    wake?.();
    wake = undefined;
  };
  const take = (): SseFrame | undefined => {
    for (const [event, frame] of waiting) {
      waiting.delete(event);
      return frame;
    }
    if (nouns.size === 0) return undefined;
    const data: Changed = { nouns: [...nouns] };
    nouns.clear();
    return { event: "changed", data };
  };
  const mailbox: Mailbox = {
    put: (event, text) => {
      waiting.set(event, { event, data: null, text });
      notify();
    },
    changed: (more) => {
      for (const noun of more) nouns.add(noun);
      notify();
    },
    close: () => {
      if (closed) return;
      closed = true;
      onClose(mailbox);
      notify();
    },
    next: async () => {
      for (;;) {
        if (closed) return { done: true, value: undefined };
        const frame = take();
        if (frame !== undefined) return { done: false, value: frame };
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    return: () => {
      mailbox.close();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
  return mailbox;
}
