import type { Result } from "#lib/domain/result.ts";

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** How a body turned out to be written; "none" is a tombstone, which has no body. */
export type BodyEncoding = "cloudevents" | "json" | "confluent" | "text" | "binary" | "none";

export interface Refusal {
  readonly decoder: BodyEncoding;
  readonly reason: string;
}

export interface DecodedContent {
  /** can be sent as JSON; integers beyond 2^53 are their digits */
  readonly value: JsonValue;
  /** for people, at most maxTextChars */
  readonly text: string;
  /** the text leaves something out */
  readonly truncated: boolean;
}

export interface DecodedBody extends DecodedContent {
  readonly encoding: BodyEncoding;
  readonly refusals: readonly Refusal[];
}

/** Takes a body or says in one line why not. Never throws, whatever the bytes. */
export interface Decoder {
  readonly encoding: BodyEncoding;
  readonly tryDecode: (raw: Uint8Array) => Result<DecodedContent, string>;
}

export const maxJsonBytes = 1_048_576;
export const maxJsonDepth = 100;
export const maxTextChars = 262_144;
