import { refuse, type Decoder } from "./decoder.ts";
import { decodeJson } from "./json.ts";

const REQUIRED = ["specversion", "id", "source", "type"] as const;

/** A CloudEvents envelope in structured mode, as Dapr also writes it: JSON with the four required attributes. */
export const cloudEventsDecoder: Decoder = {
  encoding: "cloudevents",
  tryDecode(raw) {
    // Search the bytes first: most bodies are plain JSON, which must not be parsed twice.
    if (!contains(raw, "specversion")) return refuse("other_format", "no CloudEvents envelope: specversion is missing");
    const json = decodeJson(raw);
    if (!json.ok) return json;
    const missing = missingIn(json.value.value);
    return missing.length === 0
      ? json
      : refuse("other_format", `no CloudEvents envelope: ${missing.join(", ")} missing`);
  },
};

/** Whether parsed JSON is a CloudEvents envelope. */
export const isCloudEvent = (value: unknown): value is Record<string, unknown> => missingIn(value).length === 0;

const missingIn = (value: unknown): string[] => REQUIRED.filter((name) => typeof fieldOf(value, name) !== "string");

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

function contains(raw: Uint8Array, word: string): boolean {
  const first = word.charCodeAt(0);
  for (let i = raw.indexOf(first); i >= 0; i = raw.indexOf(first, i + 1)) {
    let n = 1;
    while (n < word.length && raw[i + n] === word.charCodeAt(n)) n++;
    if (n === word.length) return true;
  }
  return false;
}
