/**
 * What happened to a group at a moment, in words. The details of a mark were written by the tap; names in them come
 * from a broker and can be any text.
 */
import { z } from "zod";
import type { GroupEvent } from "#lib/contracts/group-history.ts";
import type { GroupEventColumns } from "#lib/store/groups/group-events-read.ts";

const NAMES_SHOWN = 3;
const NAME_CHARS = 60;

const name = z.string().transform((text) => text.slice(0, NAME_CHARS));
const number = z
  .union([z.number(), z.string().regex(/^-?\d{1,20}$/)])
  .transform((value) => Number(value).toLocaleString("en-US"));
/** All of it may be missing: an older tap wrote less, a newer one writes more. */
const Detail = z
  .object({
    generation: number.optional(),
    members: number.optional(),
    count: number.optional(),
    replaced: number.optional(),
    who: z.array(z.object({ clientId: name })).optional(),
    clients: z.array(name).optional(),
    topic: name.optional(),
    partition: z.number().optional(),
    from: number.optional(),
    to: number.optional(),
    messages: number.optional(),
    partitions: number.optional(),
  })
  .catch({});

export function groupEvent({ at, kind, detail }: GroupEventColumns): GroupEvent {
  return { at: at.toISOString(), kind, text: eventText(kind, Detail.parse(detail)) };
}

/** The generation that began with a rebalance; null: its mark does not name one. */
export function generationOf(mark: GroupEventColumns | null): number | null {
  const detail = mark?.detail as { generation?: unknown } | null | undefined;
  return typeof detail?.generation === "number" ? detail.generation : null;
}

function eventText(kind: GroupEventColumns["kind"], detail: z.output<typeof Detail>): string {
  const { generation, members, count, replaced, clients } = detail;
  switch (kind) {
    case "rebalance": {
      const rebalances = count === undefined ? "rebalance" : `${count} rebalances`;
      const to = generation === undefined ? "" : ` to generation ${generation}`;
      return `${rebalances}${to}${members === undefined ? "" : `, ${membersOf(members)}`}`;
    }
    case "joined":
    case "left":
      return `${who(detail)} ${kind}`;
    case "deploy": {
      const whoWas = replaced === undefined ? "most members" : membersOf(replaced);
      const names = (clients ?? []).slice(0, NAMES_SHOWN);
      return `deploy: ${whoWas} replaced${names.length === 0 ? "" : ` (${names.join(", ")})`}`;
    }
    case "emptied":
      return "all members left";
    case "rewound":
      return `rewound${where(detail)}`;
    case "skipped":
      return `skipped ahead${where(detail)}`;
  }
}

const membersOf = (members: string): string => `${members} ${members === "1" ? "member" : "members"}`;

function who({ who: named = [], count }: z.output<typeof Detail>): string {
  if (named.length === 0) return count === undefined ? "a member" : membersOf(count);
  const all = Number((count ?? "0").replaceAll(",", "")) || named.length;
  const shown = [...new Set(named.map(({ clientId }) => clientId))].slice(0, NAMES_SHOWN);
  if (shown.length === 1) return all === 1 ? (shown[0] ?? "a member") : `${all} × ${shown[0]}`;
  return `${shown.join(", ")}${all > shown.length ? ` and ${all - shown.length} more` : ""}`;
}

function where({ topic, partition, from, to, partitions, messages }: z.output<typeof Detail>): string {
  const whereText =
    topic === undefined
      ? partitions === undefined
        ? ""
        : ` on ${partitions} partitions`
      : ` ${topic}${partition === undefined ? "" : `[${partition}]`}`;
  const steps = from === undefined || to === undefined ? "" : ` from ${from} to ${to}`;
  return `${whereText}${steps}${messages === undefined ? "" : `, ${messages} messages`}`;
}
