/** Checks bodies of events against the JSON Schemas that the configuration names for them. */
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
   * `target` is the topic that the event will be sent to; it chooses the schema if a dead letter does not name its
   * original topic. Never throws, whatever the bytes.
   */
  readonly check: (record: RawRecord, target: string) => SchemaVerdict;
}

/** Each schema file is read once, when it is first needed. */
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
      const checked = check.ok ? check.value(instance.value.value) : check;
      if (!checked.ok) return { state: "unchecked", schema, why: checked.error };
      return checked.value === null
        ? { state: "matches", schema, why: null }
        : { state: "differs", schema, why: `${instance.value.of}${checked.value}` };
    },
  };
}

type Refusal = { readonly state: "differs" | "unchecked"; readonly why: string };

const differs = (why: string): Result<never, Refusal> => err({ state: "differs", why });
const unchecked = (why: string): Result<never, Refusal> => err({ state: "unchecked", why });
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The value to check: the body without Confluent's schema id, or the data of a CloudEvents envelope. `of` is the prefix
 * of messages about such data; else it is empty.
 */
function instanceOf(body: Uint8Array | null): Result<{ readonly value: unknown; readonly of: string }, Refusal> {
  if (body === null) return unchecked("it has no body");
  if (body.length > maxJsonBytes) return unchecked(`its body is larger than ${maxJsonBytes} bytes`);
  const id = confluentSchemaId(body);
  const json = parsed(id === null ? body : body.subarray(PREFIX_BYTES));
  // Probably Avro or Protobuf, which only a schema registry can check.
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
