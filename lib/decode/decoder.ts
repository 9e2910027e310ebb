import { err, type Result } from "#lib/domain/result.ts";

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** The encoding of a body; "none" is a tombstone, which has no body. */
export type BodyEncoding = "cloudevents" | "json" | "confluent" | "text" | "binary" | "none";

/** Why a decoder does not accept a body; `schema_missing`: the body needs a schema that is not configured. */
export type RefusalCode =
  | "other_format"
  | "too_large"
  | "too_deep"
  | "not_utf8"
  | "invalid"
  | "control_characters"
  | "schema_missing";

/** `reason` is the code as one line for people, with its details. */
export interface Refused {
  readonly code: RefusalCode;
  readonly reason: string;
}

export interface Refusal extends Refused {
  readonly decoder: BodyEncoding;
}

export interface DecodedContent {
  /** can be serialized as JSON; integers beyond 2^53 are strings of digits */
  readonly value: JsonValue;
  /** for display, at most maxTextChars characters */
  readonly text: string;
  /** the body has more text than is shown */
  readonly truncated: boolean;
}

export interface DecodedBody extends DecodedContent {
  readonly encoding: BodyEncoding;
  readonly refusals: readonly Refusal[];
}

/** Decodes a body, or tells why it cannot. Never throws, whatever the bytes. */
export interface Decoder {
  readonly encoding: BodyEncoding;
  readonly tryDecode: (raw: Uint8Array) => Result<DecodedContent, Refused>;
}

export const refuse = (code: RefusalCode, reason: string): Result<never, Refused> => err({ code, reason });

export const maxJsonBytes = 1_048_576;
export const maxJsonDepth = 100;
export const maxTextChars = 262_144;
