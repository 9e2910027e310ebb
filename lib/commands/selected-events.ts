import type { EventToReplay } from "#lib/domain/replay/event-to-replay.ts";

/** The events that a choice found. */
export interface SelectedEvents {
  readonly events: readonly EventToReplay[];
  /** asked for by offset, but gone */
  readonly expired: number;
  /** offsets behind the last one that was read, which may hold as many events */
  readonly offsetsNotRead: number;
}
