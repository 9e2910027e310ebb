import { compileReducer } from "#lib/config/reducer.ts";
import type { Json } from "#lib/domain/entity/json-value.ts";
import type { Contribution, EntityState } from "#lib/domain/entity/state.ts";
import type { KeyEventColumns } from "#lib/store/events/entities-read.ts";

/** Runs the reducers of one entity, each compiled once, until the time for all of them is up. */
export function openReducers(
  key: string,
  budgetMs: number,
): (expression: string, event: KeyEventColumns, before: EntityState, body: Json) => Promise<Contribution> {
  const deadline = performance.now() + budgetMs;
  const compiled = new Map<string, ReturnType<typeof compileReducer>>();
  return async (expression, { topic, type, occurredAt }, { value }, body) => {
    if (performance.now() > deadline) return { kind: "gap", reason: "the reducers took too long" };
    let reducer = compiled.get(expression);
    if (reducer === undefined) compiled.set(expression, (reducer = compileReducer(expression)));
    const made = reducer.ok
      ? await reducer.value({ state: value ?? null, body, event: { key, topic, type, at: occurredAt.toISOString() } })
      : reducer;
    return made.ok
      ? { kind: "reduced", value: made.value }
      : { kind: "gap", reason: `its reducer failed: ${made.error}` };
  };
}
