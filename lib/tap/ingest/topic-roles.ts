/** What the tapped topics hold by what their records show: shared by the buffers of a pipeline. */
import { addEvidence, roleByRecords, type RoleEvidence } from "#lib/domain/failure/topic-role.ts";
import type { RoleRow } from "#lib/store/ingest/roles.ts";

/** Before so many events a topic that shows no failures is not looked up in what is stored. */
const ENOUGH_EVENTS = 100;
const NOTHING: KnownRole = { events: 0, deadLetters: 0, retries: 0, written: null };

interface KnownRole extends RoleEvidence {
  readonly written: RoleRow["role"] | null;
}

/** Of one flush and one destination. */
export interface SeenRole extends RoleEvidence {
  readonly destinationId: number;
  /** the topic that the newest dead letter comes from */
  readonly sourceName: string | null;
  /** by configuration or name; null: its records decide */
  readonly named: "dead_letter" | "retry" | null;
}

export class TopicRoles {
  readonly #known = new Map<number, KnownRole>();

  /** What differs from what was written before. */
  changed(seen: readonly SeenRole[]): RoleRow[] {
    return seen.flatMap((one) => {
      const { destinationId, named, sourceName } = one;
      const known = this.#known.get(destinationId) ?? NOTHING;
      const sum = addEvidence(known, one);
      const role = named ?? roleByRecords(sum);
      if (role === known.written) return [];
      const hasFailures = one.deadLetters > 0 || one.retries > 0;
      const isDue = role === "event" ? known.written !== null || sum.events >= ENOUGH_EVENTS : hasFailures;
      return isDue ? [{ destinationId, role, sourceName }] : [];
    });
  }

  /** After the flush is committed, with what `changed` has answered. */
  committed(seen: readonly SeenRole[], changed: readonly RoleRow[]): void {
    const written = new Map(changed.map(({ destinationId, role }) => [destinationId, role]));
    for (const one of seen) {
      const known = this.#known.get(one.destinationId) ?? NOTHING;
      this.#known.set(one.destinationId, {
        ...addEvidence(known, one),
        written: written.get(one.destinationId) ?? known.written,
      });
    }
  }
}
