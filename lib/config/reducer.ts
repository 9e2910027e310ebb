import jsonata from "jsonata";
import type { Json } from "#lib/domain/entity/json-value.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";

/** What an expression sees. */
export interface ReducerInput {
  /** null: there is none yet */
  readonly state: Json;
  readonly body: Json;
  readonly event: { readonly key: string; readonly topic: string; readonly type: string | null; readonly at: string };
}

/** The new state, undefined when the expression yields none; or why it could not be evaluated. */
export type Reducer = (input: ReducerInput) => Promise<Result<Json | undefined, string>>;

/** Limits for one event. A single step is not bounded by them: who evaluates what a broker sent needs a thread. */
const LIMITS = { timeout: 100, stack: 200, sequence: 20_000 } as const;

const NO_PATTERNS = "regular expressions are not taken here";
/** Refuses regular expressions: on some texts they run forever, and nothing can interrupt them. */
class NoPatterns {
  constructor() {
    throw new Error(NO_PATTERNS);
  }
}

const NO_PICTURES = "$toMillis takes its picture as a text in the expression only: pictures from data may run for ever";

/** Why an expression is refused before it runs: what of it may run for ever on some data. */
function refusedIn(node: unknown, isApplied = false): string | null {
  if (typeof node !== "object" || node === null) return null;
  const { type, value, procedure, arguments: given, lhs, rhs } = node as Readonly<Record<string, unknown>>;
  if (type === "regex") return NO_PATTERNS;
  if (type === "variable" && value === "toMillis") return NO_PICTURES;
  if (type === "apply") return refusedIn(lhs) ?? refusedIn(rhs, true);
  if (type === "function" && isToMillis(procedure) && Array.isArray(given)) {
    // `date ~> $toMillis(picture)` gives it the date beside these arguments.
    const pictures: unknown[] = isApplied ? given : given.slice(1);
    if (!pictures.every(isText)) return NO_PICTURES;
    return refusedIn(given);
  }
  for (const inner of Object.values(node)) {
    const refused = refusedIn(inner);
    if (refused !== null) return refused;
  }
  return null;
}

const isToMillis = (procedure: unknown): boolean => {
  const { type, value } = Object(procedure) as Readonly<Record<string, unknown>>;
  return type === "variable" && value === "toMillis";
};
const isText = (node: unknown): boolean => (Object(node) as { readonly type?: unknown }).type === "string";

/** A JSONata expression, made ready; or what is wrong with it. */
export function compileReducer(expression: string): Result<Reducer, string> {
  try {
    const compiled = jsonata(expression, { ...LIMITS, RegexEngine: NoPatterns as unknown as RegExpConstructor });
    const refused = refusedIn(compiled.ast());
    if (refused !== null) return err(refused);
    return ok(async (input) => {
      try {
        const made: unknown = await compiled.evaluate(input);
        // Its lists carry marks of its own, and a result may be a function: only what is JSON counts.
        return ok(asJson(made));
      } catch (error) {
        return err(reasonOf(error));
      }
    });
  } catch (error) {
    return err(reasonOf(error));
  }
}

function asJson(made: unknown): Json | undefined {
  try {
    const text = JSON.stringify(made) as string | undefined;
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  } catch (error) {
    throw new Error("the result is no JSON value", { cause: error });
  }
}

/** JSONata throws plain objects with a message. */
const reasonOf = (error: unknown): string => {
  const message: unknown = typeof error === "object" && error !== null && "message" in error ? error.message : error;
  return String(message).slice(0, 300);
};
