/** The headers of a message, and the facts that must be observed in them. */
import { aRecord, type HeaderRow } from "../../message/a-record.test-data.ts";
import type { Observation } from "../observation.ts";
import { observe } from "../observe.ts";
import { NO_RULES } from "../no-rules.test-data.ts";

export const T = "0af7651916cd43dd8448eb211c80319c";
export const S = "b7ad6b7169203331";
export const GUID = "5B2F6C1E-5B1C-4A1E-9A55-1C2D3E4F5A6B";
export const GUID_HEX = GUID.replaceAll("-", "").toLowerCase();

export interface MessageRow {
  readonly why: string;
  readonly headers: readonly HeaderRow[];
  readonly expected: Partial<Observation>;
}

export const headersOf = (...headers: readonly HeaderRow[]): readonly HeaderRow[] => headers;

/** The observed facts that the row is about. */
export function observed({ headers, expected }: MessageRow): Partial<Observation> {
  const observation = observe(aRecord({ headers }), NO_RULES);
  return Object.fromEntries(
    (Object.keys(expected) as (keyof Observation)[]).map((field) => [field, observation[field]]),
  );
}
