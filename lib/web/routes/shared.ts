/** Parts of addresses that several entries share. Names are a broker's: anything within their length. */
import { z } from "zod";
import { TraceId } from "#lib/contracts/common.ts";

const cluster = z.string().min(1).max(100);
export const TopicPath = z.object({ cluster, topic: z.string().min(1).max(249) });
export const GroupPath = z.object({ cluster, group: z.string().min(1).max(255) });
export const MessagePath = TopicPath.extend({ partition: z.coerce.number().int().min(0).max(2 ** 31 - 1), offset: z.string().regex(/^\d{1,18}$/, "must be an offset") });
export const TracePath = z.object({ traceId: z.string().toLowerCase().pipe(TraceId) });
export const FingerprintPath = z.object({ fingerprint: z.string().min(1).max(64) });
export const ReplayPath = z.object({ id: z.coerce.number().int().min(1).max(2 ** 31 - 1) });
