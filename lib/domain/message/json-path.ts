/** A parsed path into a JSON body such as "$.meta.trace.id" or "items[0].sku". */
export type JsonPath = readonly (string | number)[];

const STEP = /([^.[\]]+)|\[(\d{1,9})\]|\["([^"\]]*)"\]/y;

/** Parses a dotted path with an optional leading "$" and steps [n] or ["name"]; null if the text is no such path. */
export function parseJsonPath(text: string): JsonPath | null {
  const path: (string | number)[] = [];
  let at = text.startsWith("$") ? 1 : 0;
  while (at < text.length) {
    if (text.charAt(at) === ".") at++;
    STEP.lastIndex = at;
    const step = STEP.exec(text);
    if (step === null) return null;
    path.push(step[2] === undefined ? (step[1] ?? step[3] ?? "") : Number(step[2]));
    at = STEP.lastIndex;
  }
  return path.length === 0 ? null : path;
}

/** The text, number or boolean at the path, as text; null if there is nothing, an object or an array. */
export function textAtPath(value: unknown, path: JsonPath): string | null {
  let at = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return null;
    at = (at as Record<string | number, unknown>)[step];
  }
  if (typeof at === "string") return at === "" ? null : at;
  return typeof at === "number" || typeof at === "boolean" ? String(at) : null;
}
