/**
 * JSON as it was written: numbers keep their digits (JSON.parse would round 64-bit ones), members keep their order and
 * may repeat. Depth and number of values are bounded, because the text comes from a broker.
 */
import { err, ok, type Result } from "#lib/domain/result.ts";

export type JsonNode =
  | { readonly kind: "object"; readonly members: readonly { readonly name: string; readonly value: JsonNode }[] }
  | { readonly kind: "array"; readonly items: readonly JsonNode[] }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "number" | "literal"; readonly text: string };

export interface JsonLimits {
  readonly depth: number;
  readonly values: number;
}
const LIMITS: JsonLimits = { depth: 64, values: 5000 };

const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;

class Refused extends Error {}

/** Reads one JSON value that fills the whole text; the error says why it is not one, or which limit it passes. */
export function readJson(text: string, limits: JsonLimits = LIMITS): Result<JsonNode, string> {
  let at = 0;
  let values = 0;

  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return null;
    at += found[0].length;
    return found[0];
  };
  const take = (character: string): boolean => {
    match(SPACE);
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };
  const refuse = (): never => {
    throw new Refused(
      at < text.length ? `unexpected ${JSON.stringify(text[at])} at position ${at}` : "the text ends too early",
    );
  };
  const string = (): string => {
    match(SPACE);
    const found = match(STRING) ?? refuse();
    return JSON.parse(found) as string;
  };
  /** Reads `item` until `close`, commas between. */
  const list = <T>(close: string, item: () => T): T[] => {
    const all: T[] = [];
    if (take(close)) return all;
    do all.push(item());
    while (take(","));
    return take(close) ? all : refuse();
  };
  const value = (depth: number): JsonNode => {
    values += 1;
    if (depth > limits.depth) throw new Refused(`nested deeper than ${limits.depth}`);
    if (values > limits.values) throw new Refused(`more than ${limits.values} values`);
    if (take("{")) {
      return {
        kind: "object",
        members: list("}", () => {
          const name = string();
          return take(":") ? { name, value: value(depth + 1) } : refuse();
        }),
      };
    }
    if (take("[")) return { kind: "array", items: list("]", () => value(depth + 1)) };
    if (text[at] === '"') return { kind: "string", text: string() };
    const number = match(NUMBER);
    if (number !== null) return { kind: "number", text: number };
    return { kind: "literal", text: match(LITERAL) ?? refuse() };
  };

  try {
    const node = value(0);
    match(SPACE);
    return at === text.length ? ok(node) : refuse();
  } catch (error) {
    if (error instanceof Refused) return err(error.message);
    throw error;
  }
}

const printMember = ({ name, value }: { readonly name: string; readonly value: JsonNode }, indent: string): string =>
  `${indent}${JSON.stringify(name)}: ${printJson(value, indent)}`;

/** The value as indented JSON, digits and order as they came. */
export function printJson(node: JsonNode, indent = ""): string {
  const inner = `${indent}  `;
  switch (node.kind) {
    case "string":
      return JSON.stringify(node.text);
    case "number":
    case "literal":
      return node.text;
    case "array":
      return node.items.length === 0
        ? "[]"
        : `[\n${node.items.map((item) => inner + printJson(item, inner)).join(",\n")}\n${indent}]`;
    case "object":
      return node.members.length === 0
        ? "{}"
        : `{\n${node.members.map((member) => printMember(member, inner)).join(",\n")}\n${indent}}`;
  }
}
