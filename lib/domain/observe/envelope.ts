import type { MessageFacts, TraceContext } from "./conventions/convention.ts";
import type { TraceOrigin } from "../message/flags.ts";
import { parseTraceparent } from "./conventions/w3c.ts";
import { maxIdBytes, nameOf } from "../message/header-text.ts";
import { firstJsonByte, parseJsonExactly } from "../message/json.ts";
import { textAtPath, type JsonPath } from "../message/json-path.ts";
import { serviceOfUri, versionOfSchemaUri } from "../message/names.ts";
import { cleanText, isPrintable } from "../text/text.ts";
import { parseTime } from "../message/times.ts";

/** Larger bodies are not searched for ids. */
const maxObservedBodyBytes = 65_536;

const decoder = new TextDecoder("utf-8");
const OPEN_BRACE = 0x7b;
const SPEC_VERSION = Buffer.from('"specversion"');

/** The body as a JSON object; null if it is none, or too large to be parsed for every record. */
export function jsonObjectOf(value: Uint8Array | null): object | null {
  if (value === null || value.length < 2 || value.length > maxObservedBodyBytes) return null;
  // Confluent's JSON Schema serializer puts a zero byte and a 4-byte schema id before the text.
  const json = value[0] === 0 ? value.subarray(5) : value;
  if (firstJsonByte(json) !== OPEN_BRACE) return null;
  try {
    return parseJsonExactly(decoder.decode(json)) as object;
  } catch {
    return null; // Not JSON after all: decodeBody gives the reason when the event is opened.
  }
}

/** The first printable text at one of the paths that is not too long for an id. */
export function idAtPaths(body: object, paths: readonly JsonPath[]): string | null {
  for (const path of paths) {
    const text = textAtPath(body, path);
    if (text !== null && text.length <= maxIdBytes && isPrintable(text)) return text;
  }
  return null;
}

/** The first name at one of the paths. */
export function nameAtPaths(body: object, paths: readonly JsonPath[]): string | null {
  for (const path of paths) {
    const name = nameOf(textAtPath(body, path));
    if (name !== null) return name;
  }
  return null;
}

/**
 * Whether a body may be a CloudEvents envelope, though no content type says so: Dapr and many others write none. The
 * bytes are searched before anything is parsed, because most bodies are none.
 */
export const mayBeEnvelope = (value: Uint8Array | null): boolean =>
  value !== null &&
  value.length <= maxObservedBodyBytes &&
  Buffer.from(value.buffer, value.byteOffset, value.length).includes(SPEC_VERSION);

interface EnvelopeFacts {
  readonly message: MessageFacts;
  readonly trace: TraceContext | null;
  readonly origin: TraceOrigin;
}

/**
 * A CloudEvents envelope in the body (structured mode, which is all that Dapr writes); null if the body is none. Where
 * no content type declares it, it must have all that the specification requires.
 */
export function readEnvelope(body: object, isDeclared: boolean): EnvelopeFacts | null {
  const id = (name: string): string | null => idAtPaths(body, [[name]]);
  const name = (member: string): string | null => nameAtPaths(body, [[member]]);
  const source = name("source");
  if (id("specversion") === null || name("type") === null) return null;
  if (!isDeclared && (id("id") === null || source === null)) return null;
  const schema = id("dataschema");
  // Dapr writes a traceparent into `traceid`.
  const traceparent = id("traceparent") ?? id("traceid");
  return {
    message: {
      messageId: id("id"),
      causationId: id("causationid"),
      conversation: id("correlationid"),
      eventType: name("type"),
      schemaVersion: name("dataversion") ?? (schema === null ? null : versionOfSchemaUri(schema)),
      service: source === null ? null : serviceOfUri(source),
      createdAtMs: parseTime(textAtPath(body, ["time"])),
    },
    trace: traceparent === null ? null : parseTraceparent(cleanText(traceparent)),
    origin: "cloudevents",
  };
}
