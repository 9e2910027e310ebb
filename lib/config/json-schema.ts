/**
 * Reads JSON Schemas from files, compiles them, and validates values within a time limit that no value can exceed.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createContext, Script } from "node:vm";
import type * as Ajv07 from "ajv";
import type * as Ajv20 from "ajv/dist/2020.js";
import type { FormatsPlugin } from "ajv-formats";
import { cleanText, cutText } from "#lib/domain/text/text.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";

/** What does not match, in words; null: it matches. An error says why the value could not be checked. */
export type JsonCheck = (value: unknown) => Result<string | null, string>;

const LARGEST_SCHEMA_BYTES = 512 * 1024;
/** The time limit for one value: some texts make a pattern run forever, and this interrupts it. */
const LONGEST_MS = 100;
const LONGEST_FAULT = 300;
const NAMED = 8;

/** The schema in a file, made ready; or what is wrong with the file. */
export function readJsonSchema(file: string): Result<JsonCheck, string> {
  let schema: unknown;
  try {
    const bytes = readFileSync(file);
    if (bytes.length > LARGEST_SCHEMA_BYTES) return err(`${file} is larger than ${LARGEST_SCHEMA_BYTES} bytes`);
    schema = JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    return err(
      error instanceof SyntaxError
        ? `${file} is no JSON: ${error.message}`
        : `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
    );
  }
  const compiled = compileJsonSchema(schema);
  return compiled.ok ? compiled : err(`${file} ${compiled.error}`);
}

/** A schema of draft-07 or 2020-12 (where it does not say, the latter), whole in itself: nothing is fetched. */
export function compileJsonSchema(schema: unknown): Result<JsonCheck, string> {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema))
    return err("holds no JSON Schema: that is an object");
  const { $schema: draft = "2020-12", ...rest } = schema as Ajv07.AnySchemaObject;
  const is07 = String(draft).includes("draft-07");
  if (!is07 && !String(draft).includes("2020-12"))
    return err(`is written for ${cutText(String(draft), 100)}; draft-07 and 2020-12 are understood`);
  try {
    const validate = (is07 ? draft07() : draft2020()).compile(rest);
    return ok((value) => held(validate, value));
  } catch (error) {
    if (error instanceof Error && "missingRef" in error) {
      const missing = cutText(String(error.missingRef), 200);
      return err(`refers to ${missing}, which it does not hold; put it under $defs, nothing is fetched`);
    }
    const fault = error instanceof Error ? error.message : String(error);
    return err(`is no JSON Schema that can be used: ${cutText(fault, LONGEST_FAULT)}`);
  }
}

// Loaded when the first schema is: most installations have none, and the tap's memory is for events.
const require = createRequire(import.meta.url);
let of07: Ajv07.Ajv | null = null;
let of2020: Ajv07.Ajv | null = null;
const draft07 = (): Ajv07.Ajv => (of07 ??= withFormats(new (require("ajv") as typeof Ajv07).Ajv(OPTIONS)));
const draft2020 = (): Ajv07.Ajv =>
  (of2020 ??= withFormats(new (require("ajv/dist/2020.js") as typeof Ajv20).Ajv2020(OPTIONS)));
/** Words it does not know are comments, as the standard has it. Two schemas may have the same $id. */
const OPTIONS = { strict: false, ownProperties: true, addUsedSchema: false, logger: false } as const;

function withFormats(ajv: Ajv07.Ajv): Ajv07.Ajv {
  return (require("ajv-formats") as { default: FormatsPlugin }).default(ajv);
}

const CALL = new Script("run()");
let stage: { run: (() => boolean) | null } | null = null;

function held(validate: Ajv07.ValidateFunction, value: unknown): Result<string | null, string> {
  stage ??= createContext({ run: null }) as { run: (() => boolean) | null };
  stage.run = () => validate(value);
  try {
    return ok(CALL.runInContext(stage, { timeout: LONGEST_MS }) === true ? null : faultOf(validate.errors ?? []));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT")
      return err(`it could not be checked within ${LONGEST_MS} ms`);
    return err(`it could not be checked: ${cutText(String(error), LONGEST_FAULT)}`);
  } finally {
    stage.run = null;
  }
}

/** What people have to correct: the position as a JSON pointer, and what was expected there. */
function faultOf(errors: readonly Ajv07.ErrorObject[]): string {
  const [first, last] = [errors[0], errors.at(-1)];
  if (first === undefined || last === undefined) return "it does not match";
  const words = last === first ? sentenceOf(last) : `${sentenceOf(last)} (${sentenceOf(first)})`;
  return cutText(cleanText(words.replaceAll(/\s+/g, " ")), LONGEST_FAULT);
}

function sentenceOf({ instancePath, message = "does not match", keyword, params }: Ajv07.ErrorObject): string {
  const at = instancePath === "" ? "it" : instancePath;
  const wanted = wantedBy(keyword, params as Readonly<Record<string, unknown>>);
  return `${at} ${message}${wanted}`;
}

function wantedBy(keyword: string, params: Readonly<Record<string, unknown>>): string {
  switch (keyword) {
    case "enum":
      return `: ${(params["allowedValues"] as readonly unknown[])
        .slice(0, NAMED)
        .map((value) => JSON.stringify(value))
        .join(", ")}`;
    case "const":
      return `: ${JSON.stringify(params["allowedValue"])}`;
    case "additionalProperties":
      return `: ${JSON.stringify(params["additionalProperty"])}`;
    case "unevaluatedProperties":
      return `: ${JSON.stringify(params["unevaluatedProperty"])}`;
    default:
      return "";
  }
}
