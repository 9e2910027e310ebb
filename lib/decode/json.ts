import { parseJsonExactly } from "#lib/domain/message/json.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import {
  maxJsonBytes,
  maxJsonDepth,
  maxTextChars,
  type DecodedContent,
  type Decoder,
  type JsonValue,
} from "./decoder.ts";
import { jsonDepth, prettyJson } from "./pretty-json.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });
const WHITESPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Decodes JSON objects and arrays. A single word or number counts as text, although it is valid JSON. */
export function decodeJson(raw: Uint8Array): Result<DecodedContent, string> {
  if (raw.length > maxJsonBytes) return err(`larger than ${maxJsonBytes} bytes`);
  const first = raw.find((byte) => !WHITESPACE.has(byte));
  if (first === undefined) return err("empty");
  if (first !== 0x7b && first !== 0x5b) return err("begins with neither { nor [");
  let source: string;
  try {
    source = utf8.decode(raw);
  } catch {
    return err("not UTF-8");
  }
  if (jsonDepth(source) > maxJsonDepth) return err(`nested deeper than ${maxJsonDepth}`);
  try {
    const value = parseJsonExactly(source) as JsonValue;
    return ok({ value, ...prettyJson(source, maxTextChars) });
  } catch (error) {
    return err(`not JSON: ${reasonOf(error)}`);
  }
}

/** Cuts the message of the parser, which quotes the source. */
const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message.slice(0, 200) : "the parser gave no reason";

export const jsonDecoder: Decoder = { encoding: "json", tryDecode: decodeJson };
