/** Holds the bodies of events against the JSON Schemas that the configuration names for them. */
import { readJsonSchema } from "#lib/config/json-schema.ts";
import type { RawRecord } from "#lib/domain/observe/observation.ts";
import { observe } from "#lib/domain/observe/observe.ts";
import type { ObserveRules } from "#lib/domain/observe/rules.ts";
import { schemaRuleOf, type SchemaRule, type SchemaVerdict } from "#lib/domain/observe/schema-rule.ts";
import { cutText } from "#lib/domain/text/text.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import { isCloudEvent } from "./cloudevents.ts";
import { confluentSchemaId, PREFIX_BYTES } from "./confluent.ts";
import { maxJsonBytes, maxJsonDepth } from "./decoder.ts";
import { jsonDepth } from "./pretty-json.ts";

export interface BodySchemas {
  /**
   * `target`: the topic it is to be sent to, which counts where a dead letter does not tell where it came from. Never
   * throws, whatever the bytes.
   */
  readonly check: (record: RawRecord, target: string) => SchemaVerdict;
}

/** Each schema is read when first needed, and once. */
export function openBodySchemas(rules: readonly SchemaRule[], observeRules: ObserveRules): BodySchemas {
  const opened = new Map<string, ReturnType<typeof readJsonSchema>>();
  return {
    check: (record, target) => {
      const { eventType, schemaVersion, deadLetter } = observe(record, observeRules);
      const topic = deadLetter === null ? record.topic : (deadLetter.originalTopic ?? target);
      const rule = schemaRuleOf(rules, { type: eventType, version: schemaVersion, topic });
      if (rule === null)
        return { state: "unchecked", schema: null, why: `no schema is known for ${cutText(eventType ?? topic, 200)}` };
      const { file: schema } = rule;
      const instance = instanceOf(record.value);
      if (!instance.ok) return { schema, ...instance.error };
      let check = opened.get(schema);
      if (check === undefined) opened.set(schema, (check = readJsonSchema(schema)));
      const told = check.ok ? check.value(instance.value.value) : check;
      if (!told.ok) return { state: "unchecked", schema, why: told.error };
      return told.value === null
        ? { state: "matches", schema, why: null }
        : { state: "differs", schema, why: `${instance.value.of}${told.value}` };
    },
  };
}

type Refusal = { readonly state: "differs" | "unchecked"; readonly why: string };

const differs = (why: string): Result<never, Refusal> => err({ state: "differs", why });
const unchecked = (why: string): Result<never, Refusal> => err({ state: "unchecked", why });
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * What a schema speaks of: the body; of a CloudEvents envelope in it, the data; behind Confluent's schema id, what
 * follows. `of` tells which of these, where it is not the body.
 */
function instanceOf(body: Uint8Array | null): Result<{ readonly value: unknown; readonly of: string }, Refusal> {
  if (body === null) return unchecked("it has no body");
  if (body.length > maxJsonBytes) return unchecked(`its body is larger than ${maxJsonBytes} bytes`);
  const id = confluentSchemaId(body);
  const json = parsed(id === null ? body : body.subarray(PREFIX_BYTES));
  // Avro and Protobuf look like this: whether they match is told by a registry only.
  if (!json.ok) return id === null ? json : unchecked(`it is written by Confluent schema ${id}, and not as JSON`);
  if (!isCloudEvent(json.value)) return ok({ value: json.value, of: "" });
  if (Object.hasOwn(json.value, "data"))
    return ok({ value: json.value["data"], of: "in the data of its CloudEvents envelope: " });
  return unchecked("its CloudEvents envelope holds no JSON data");
}

function parsed(bytes: Uint8Array): Result<unknown, Refusal> {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return differs("it is no JSON: not UTF-8");
  }
  if (jsonDepth(text) > maxJsonDepth) return unchecked(`it is nested deeper than ${maxJsonDepth}`);
  try {
    return ok(JSON.parse(text));
  } catch {
    return differs("it is no JSON");
  }
}
