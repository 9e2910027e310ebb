import { binaryBody } from "./binary.ts";
import { cloudEventsDecoder } from "./cloudevents.ts";
import { confluentDecoder } from "./confluent.ts";
import type { DecodedBody, Decoder, Refusal } from "./decoder.ts";
import { jsonDecoder } from "./json.ts";
import { textDecoder } from "./text.ts";

/** The decoders that are tried by default, the most specific format first. */
const DEFAULT_CHAIN: readonly Decoder[] = [cloudEventsDecoder, jsonDecoder, confluentDecoder, textDecoder];

/**
 * Decodes a body with the first decoder of the chain that accepts it; if none does, as binary. The refusals of the
 * decoders tried before are part of the answer. Never throws.
 */
export function decodeBody(raw: Uint8Array | null, chain: readonly Decoder[] = DEFAULT_CHAIN): DecodedBody {
  if (raw === null) return { encoding: "none", value: null, text: "", refusals: [], truncated: false };
  const refusals: Refusal[] = [];
  for (const decoder of chain) {
    const attempt = decoder.tryDecode(raw);
    if (attempt.ok) return { encoding: decoder.encoding, ...attempt.value, refusals };
    refusals.push({ decoder: decoder.encoding, ...attempt.error });
  }
  return { encoding: "binary", ...binaryBody(raw), refusals };
}
