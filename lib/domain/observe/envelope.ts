import type { MessageFacts, TraceContext, TraceOrigin } from "./conventions/convention.ts";
import { parseTraceparent } from "./conventions/w3c.ts";
import { maxIdBytes, nameOf } from "../message/headers.ts";
import { parseJsonExactly } from "../message/json.ts";
import { textAtPath, type JsonPath } from "../message/json-path.ts";
import { serviceOfUri, versionOfSchemaUri } from "../message/names.ts";
import { cleanText, isPrintable } from "../text/text.ts";
import { parseTime } from "../message/times.ts";

/** Bodies larger than this are not opened to look for ids. */
const maxObservedBodyBytes = 65_536;

const decoder = new TextDecoder("utf-8");
const OPEN_BRACE = 0x7b;

/** The body as a JSON object; null when it is none, or too large to be looked into on the way. */
export function jsonObjectOf(value: Uint8Array | null): object | null {
  if (value === null || value.length < 2 || value.length > maxObservedBodyBytes) return null;
  // Confluent's JSON Schema serializer puts a zero byte and a 4-byte schema id before the text.
  const json = value[0] === 0 && value[5] === OPEN_BRACE ? value.subarray(5) : value;
  if (!beginsObject(json)) return null;
  try {
    return parseJsonExactly(decoder.decode(json)) as object;
  } catch {
    return null; // Looks like JSON and is none: whoever opens the event is told why by decode.
  }
}

function beginsObject(json: Uint8Array): boolean {
  for (const byte of json) {
    if (byte === OPEN_BRACE) return true;
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return false;
  }
  return false;
}

/** The first id that one of the paths leads to: printable, no longer than an id. */
export function idAtPaths(body: object, paths: readonly JsonPath[]): string | null {
  for (const path of paths) {
    const text = textAtPath(body, path);
    if (text !== null && text.length <= maxIdBytes && isPrintable(text)) return text;
  }
  return null;
}

/** The first name that one of the paths leads to. */
export function nameAtPaths(body: object, paths: readonly JsonPath[]): string | null {
  for (const path of paths) {
    const name = nameOf(textAtPath(body, path));
    if (name !== null) return name;
  }
  return null;
}

interface EnvelopeFacts {
  readonly message: MessageFacts;
  readonly trace: TraceContext | null;
  readonly origin: TraceOrigin;
}

/**
 * A CloudEvents envelope in the body (structured mode; Dapr writes nothing else); null when the body is
 * no such envelope.
 */
export function readEnvelope(body: object): EnvelopeFacts | null {
  const id = (name: string): string | null => idAtPaths(body, [[name]]);
  const name = (each: string): string | null => nameAtPaths(body, [[each]]);
  if (id("specversion") === null || name("type") === null) return null;
  const source = name("source");
  const schema = id("dataschema");
  // Dapr's traceid holds a traceparent.
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
