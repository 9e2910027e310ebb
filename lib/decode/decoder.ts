import type { Result } from "#lib/domain/result.ts";

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** The encoding of a body; "none" is a tombstone, which has no body. */
export type BodyEncoding = "cloudevents" | "json" | "confluent" | "text" | "binary" | "none";

export interface Refusal {
  readonly decoder: BodyEncoding;
  readonly reason: string;
}

export interface DecodedContent {
  /** can be serialized as JSON; integers beyond 2^53 are strings of digits */
  readonly value: JsonValue;
  /** for display, at most maxTextChars */
  readonly text: string;
  /** the text is cut */
  readonly truncated: boolean;
}

export interface DecodedBody extends DecodedContent {
  readonly encoding: BodyEncoding;
  readonly refusals: readonly Refusal[];
}

/** Decodes a body, or gives the reason in one line why it cannot. Never throws, whatever the bytes. */
export interface Decoder {
  readonly encoding: BodyEncoding;
  readonly tryDecode: (raw: Uint8Array) => Result<DecodedContent, string>;
}

export const maxJsonBytes = 1_048_576;
export const maxJsonDepth = 100;
export const maxTextChars = 262_144;
