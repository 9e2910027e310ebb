/** The state as a tree, with the values an event added, changed and removed. */
import type { EntityStep } from "#lib/contracts/entities.ts";
import { pointer } from "#lib/domain/entity/diff.ts";
import { isObject, type Json } from "#lib/domain/entity/json-value.ts";

export type Mark = "added" | "changed" | "removed";

export interface StateNode {
  /** null: the root or an array item */
  readonly name: string | null;
  readonly path: string;
  readonly mark: Mark | null;
  /** whether something inside is marked */
  readonly touched: boolean;
  /** a primitive value as JSON; null for objects and arrays */
  readonly text: string | null;
  /** the previous value of a changed one */
  readonly before: string | null;
  readonly kind: "object" | "array" | "value";
  readonly children: readonly StateNode[];
}

const MARK = { add: "added", replace: "changed", remove: "removed" } as const;
/** The most nodes that are drawn. */
const MOST_NODES = 1500;

type Change = EntityStep["changes"][number];

export function stateNodes(
  state: Json,
  changes: readonly Change[],
): { readonly root: StateNode; readonly leftOut: boolean } {
  const at = new Map(changes.map((change) => [change.path, change]));
  const removedIn = new Map<string, Change[]>();
  const touchedPaths = new Set<string>();
  for (const change of changes) {
    if (change.op === "remove")
      removedIn.set(parentOf(change.path), [...(removedIn.get(parentOf(change.path)) ?? []), change]);
    for (let path = change.path; path !== ""; path = parentOf(path)) touchedPaths.add(parentOf(path));
  }
  let nodes = 0;
  let leftOut = false;

  const build = (value: Json, name: string | null, path: string, inherited: Mark | null): StateNode => {
    nodes += 1;
    const change = at.get(path);
    const mark = inherited ?? (change === undefined ? null : MARK[change.op]);
    const common = {
      name,
      path,
      mark,
      touched: touchedPaths.has(path),
      before: change?.op === "replace" ? change.before : null,
    };
    const inside: [string | null, string, Json][] = isObject(value)
      ? Object.entries(value).map(([member, inner]) => [member, pointer(path, member), inner])
      : Array.isArray(value)
        ? value.map((item: Json, i) => [null, `${path}/${i}`, item])
        : [];
    const children: StateNode[] = [];
    for (const [member, innerPath, inner] of inside) {
      if (nodes >= MOST_NODES) {
        leftOut = true;
        break;
      }
      children.push(build(inner, member, innerPath, mark === "added" || mark === "changed" ? mark : null));
    }
    for (const gone of removedIn.get(path) ?? []) {
      children.push({
        name: isObject(value) ? nameOf(gone.path) : null,
        path: gone.path,
        mark: "removed",
        touched: false,
        text: gone.before,
        before: null,
        kind: "value",
        children: [],
      });
    }
    const kind = isObject(value) ? "object" : Array.isArray(value) ? "array" : "value";
    return { ...common, kind, text: kind === "value" ? JSON.stringify(value) : null, children };
  };
  return { root: build(state, null, "", null), leftOut };
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));
const nameOf = (path: string): string =>
  path
    .slice(path.lastIndexOf("/") + 1)
    .replaceAll("~1", "/")
    .replaceAll("~0", "~");
