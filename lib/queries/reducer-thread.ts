/** The thread that evaluates reducers. It may be ended in the middle of one (reducers.ts). */
import { parentPort } from "node:worker_threads";
import { compileReducer, type ReducerInput } from "#lib/config/reducer.ts";
import type { Json } from "#lib/domain/entity/json-value.ts";
import type { Result } from "#lib/domain/result.ts";

export interface ReducerTask {
  readonly expression: string;
  readonly input: ReducerInput;
}
export type ReducerAnswer = Result<Json | undefined, string>;

const compiled = new Map<string, ReturnType<typeof compileReducer>>();
parentPort?.postMessage("ready");
parentPort?.on("message", ({ expression, input }: ReducerTask) => {
  const reducer = compiled.get(expression) ?? compileReducer(expression);
  compiled.set(expression, reducer);
  void (reducer.ok ? reducer.value(input) : Promise.resolve(reducer)).then((answer) => parentPort?.postMessage(answer));
});
