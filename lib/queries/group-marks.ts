/** What happened to a group at a moment, in words. What a mark holds was written by the tap; a broker's names in it are any text. */
import { z } from "zod";
import type { GroupMark } from "#lib/contracts/groups.ts";
import type { MarkColumns } from "#lib/store/incidents-read.ts";

const NAMES_SHOWN = 3;
const NAME_CHARS = 60;

const name = z.string().transform((text) => text.slice(0, NAME_CHARS));
const number = z.union([z.number(), z.string().regex(/^-?\d{1,20}$/)]).transform((value) => Number(value).toLocaleString("en-US"));
/** All of it may be missing: an older tap wrote less, a newer one writes more. */
const Detail = z
  .object({
    generation: number.optional(), members: number.optional(), protocol: name.nullable().optional(), clientId: name.optional(), clientIds: z.array(name).optional(), clients: z.array(name).optional(), host: name.optional(),
    topic: name.optional(), partition: z.number().optional(), from: number.optional(), to: number.optional(), partitions: number.optional(), replaced: number.optional(), messages: number.optional(),
  })
  .catch({});

export function groupMark({ at, kind, detail }: MarkColumns): GroupMark {
  return { at: at.toISOString(), kind: kind as GroupMark["kind"], text: markText(kind, Detail.parse(detail)) };
}

/** The generation a rebalance began, where its mark says so. */
export function generationOf(mark: MarkColumns | null): number | null {
  const detail = mark?.detail as { generation?: unknown } | null | undefined;
  return typeof detail?.generation === "number" ? detail.generation : null;
}

function markText(kind: string, detail: z.output<typeof Detail>): string {
  switch (kind) {
    case "rebalance":
      return `rebalance${detail.generation === undefined ? "" : ` to generation ${detail.generation}`}${detail.members === undefined ? "" : `, ${membersOf(detail.members)}`}`;
    case "joined":
      return `${who(detail)} joined`;
    case "left":
      return `${who(detail)} left`;
    case "deploy":
      return `deploy: ${detail.replaced ?? detail.members ?? "most"} ${detail.replaced === "1" ? "member" : "members"} replaced`;
    case "emptied":
      return "all members left";
    case "rewound":
      return `rewound${where(detail)}`;
    case "skipped":
      return `skipped ahead${where(detail)}`;
    default:
      return kind;
  }
}

const membersOf = (members: string): string => `${members} ${members === "1" ? "member" : "members"}`;

function who({ clientId, clientIds, clients, host, members }: z.output<typeof Detail>): string {
  const names = clientId !== undefined ? [clientId] : (clientIds ?? clients ?? []);
  if (names.length === 0) return members === undefined ? "a member" : membersOf(members);
  const shown = names.slice(0, NAMES_SHOWN).join(", ");
  return `${shown}${names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : ""}${names.length === 1 && host !== undefined ? ` (${host})` : ""}`;
}

function where({ topic, partition, from, to, partitions, messages }: z.output<typeof Detail>): string {
  const place = topic === undefined ? (partitions === undefined ? "" : ` on ${partitions} partitions`) : ` ${topic}${partition === undefined ? "" : `[${partition}]`}`;
  const steps = from === undefined || to === undefined ? "" : ` from ${from} to ${to}`;
  return `${place}${steps}${messages === undefined ? "" : `, ${messages} messages`}`;
}
