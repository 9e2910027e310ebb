/** Parts of addresses that several entries share. Names are a broker's: anything within their length. */
import { z } from "zod";
import { MOST_GROUP_CHARS, TraceId } from "#lib/contracts/common.ts";
import type { AppError } from "#lib/contracts/errors.ts";
import type { Identity } from "../access.ts";
import { CLIENT_SCHEME } from "../origin.ts";

const cluster = z.string().min(1).max(100);
export const TopicPath = z.object({ cluster, topic: z.string().min(1).max(249) });
export const GroupPath = z.object({ cluster, group: z.string().max(MOST_GROUP_CHARS) });
export const MessagePath = TopicPath.extend({
  partition: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  offset: z.string().regex(/^\d{1,18}$/, "must be an offset"),
});
export const TracePath = z.object({ traceId: z.string().toLowerCase().pipe(TraceId) });
export const FingerprintPath = z.object({ fingerprint: z.string().min(1).max(64) });
export const IdPath = z.object({
  id: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1),
});

export const TOO_MANY_STREAMS: AppError = {
  code: "too_many_requests",
  message: "Too many live pages, or too many different filters, are open at once. Close some and load again.",
};

/** The wrapper lets nobody through who is not signed in. */
export function actorOf(identity: Identity | null): Identity {
  if (identity === null) throw new Error("a write without an identity");
  return identity;
}

/** Where the one who asks opens Flowtap, for links that leave it. */
export const openedAt = (request: Request, publicUrl: string | undefined): string =>
  (
    publicUrl ?? `${request.headers.get(CLIENT_SCHEME) ?? "http"}://${request.headers.get("host") ?? "localhost"}`
  ).replace(/\/+$/, "");
