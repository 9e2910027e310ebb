import type { Result } from "#lib/domain/result.ts";
import { refuse, type DecodedContent, type Decoder, type Refused } from "./decoder.ts";
import { decodeJson } from "./json.ts";

export const PREFIX_BYTES = 5;

/** The schema id of a body in Confluent's wire format (0x00, then a 4-byte big-endian id); null: another format. */
export function confluentSchemaId(raw: Uint8Array): number | null {
  if (raw.length < PREFIX_BYTES || raw[0] !== 0) return null;
  const id = new DataView(raw.buffer, raw.byteOffset, PREFIX_BYTES).getInt32(1);
  return id > 0 ? id : null;
}

/** Confluent's wire format. JSON can be read. Avro and Protobuf need a schema; the refusal names its id. */
export const confluentDecoder: Decoder = { encoding: "confluent", tryDecode: decodeConfluent };

function decodeConfluent(raw: Uint8Array): Result<DecodedContent, Refused> {
  const schemaId = confluentSchemaId(raw);
  if (schemaId === null) return refuse("other_format", "no Confluent schema id in front");
  const json = decodeJson(raw.subarray(PREFIX_BYTES));
  return json.ok ? json : refuse("schema_missing", `Confluent schema id ${schemaId}, no registry configured`);
}
