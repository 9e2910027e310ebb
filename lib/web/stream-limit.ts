/**
 * How many streams may be open: a few per identity, so that one token cannot use up what all have together. A stream
 * gives its seat back when it ends, however it ends.
 */
import type { Identity } from "./access.ts";

const MOST = 500;
const MOST_PER_IDENTITY = 100;

export interface StreamLimit {
  /** takes a seat; answers what gives it back, or null when there is none */
  take(identity: Identity | null): (() => void) | null;
}

export function openStreamLimit({
  most = MOST,
  mostPerIdentity = MOST_PER_IDENTITY,
}: {
  readonly most?: number;
  readonly mostPerIdentity?: number;
} = {}): StreamLimit {
  const openOf = new Map<string, number>();
  let open = 0;
  return {
    take: (identity) => {
      const name = identity?.name ?? "";
      const own = openOf.get(name) ?? 0;
      if (open >= most || own >= mostPerIdentity) return null;
      open += 1;
      openOf.set(name, own + 1);
      let taken = true;
      return () => {
        if (!taken) return;
        taken = false;
        open -= 1;
        const left = (openOf.get(name) ?? 1) - 1;
        if (left === 0) openOf.delete(name);
        else openOf.set(name, left);
      };
    },
  };
}
