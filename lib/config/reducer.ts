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

/** Limits for one event: bodies come from a broker, and the expression must end whatever they contain. */
const LIMITS = { timeout: 100, stack: 200, sequence: 20_000 } as const;

const NO_PATTERNS = "regular expressions are not taken here";
/** Refuses regular expressions: on some texts they run forever, and nothing can interrupt them. */
class NoPatterns {
  constructor() {
    throw new Error(NO_PATTERNS);
  }
}

/** A JSONata expression, made ready; or what is wrong with it. */
export function compileReducer(expression: string): Result<Reducer, string> {
  try {
    const compiled = jsonata(expression, { ...LIMITS, RegexEngine: NoPatterns as unknown as RegExpConstructor });
    if (JSON.stringify(compiled.ast()).includes('"type":"regex"')) return err(NO_PATTERNS);
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
