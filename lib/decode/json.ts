import { firstJsonByte, parseJsonExactly } from "#lib/domain/message/json.ts";
import { ok, type Result } from "#lib/domain/result.ts";
import {
  maxJsonBytes,
  maxJsonDepth,
  maxTextChars,
  refuse,
  type DecodedContent,
  type Decoder,
  type JsonValue,
  type Refused,
} from "./decoder.ts";
import { jsonDepth, prettyJson } from "./pretty-json.ts";

const LONGEST_JSON_BYTES = 1024 * 1024;
const utf8 = new TextDecoder("utf-8", { fatal: true });
const lenientUtf8 = new TextDecoder("utf-8");

/** Decodes JSON objects and arrays. A single word or number counts as text, although it is valid JSON. */
export function decodeJson(raw: Uint8Array): Result<DecodedContent, Refused> {
  if (raw.length > maxJsonBytes) return refuse("too_large", `larger than ${maxJsonBytes} bytes`);
  const first = firstJsonByte(raw);
  if (first < 0) return refuse("other_format", "empty");
  if (first !== 0x7b && first !== 0x5b) return refuse("other_format", "begins with neither { nor [");
  let source: string;
  try {
    source = utf8.decode(raw);
  } catch {
    return refuse("not_utf8", "not UTF-8");
  }
  if (jsonDepth(source) > maxJsonDepth) return refuse("too_deep", `nested deeper than ${maxJsonDepth}`);
  try {
    const value = parseJsonExactly(source) as JsonValue;
    return ok({ value, ...prettyJson(source, maxTextChars) });
  } catch (error) {
    return refuse("invalid", `not JSON: ${reasonOf(error)}`);
  }
}

/** The parser's message quotes the source, which may be long. */
const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message.slice(0, 200) : "the parser gave no reason";

export const jsonDecoder: Decoder = { encoding: "json", tryDecode: decodeJson };

/** Whether a body begins as JSON does and is none: text that a consumer could not parse. */
export function isBrokenJson(value: Uint8Array | null): boolean {
  if (value === null || value.length > LONGEST_JSON_BYTES) return false;
  const first = firstJsonByte(value);
  if (first !== 0x7b && first !== 0x5b) return false;
  try {
    JSON.parse(lenientUtf8.decode(value));
    return false;
  } catch {
    return true;
  }
}
