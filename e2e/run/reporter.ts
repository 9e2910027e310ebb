/**
 * A node:test reporter for machines: one JSON line per finished leaf test, so that suites and parents are not counted
 * beside their children.
 */
import { inspect } from "node:util";
import type { TestEvent } from "node:test/reporters";

export interface TestLine {
  readonly outcome: "passed" | "failed" | "skipped";
  readonly name: string;
  readonly detail: string;
}

const SAID_KEPT = 20;

export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  /** per file: the names on the way down, and at which depths children were already reported */
  const files = new Map<string, { path: string[]; hasChildren: boolean[] }>();
  /** per file: what it said beside its tests, which explains a file that fails as a whole */
  const said = new Map<string, string[]>();
  for await (const event of source) {
    if (event.type === "test:stderr" || event.type === "test:diagnostic") {
      const { file = "", message } = event.data;
      said.set(file, [...(said.get(file) ?? []), message.trimEnd()].slice(-SAID_KEPT));
      continue;
    }
    if (event.type !== "test:start" && event.type !== "test:pass" && event.type !== "test:fail") continue;
    const { name, nesting, file = "" } = event.data;
    const state = files.get(file) ?? { path: [], hasChildren: [] };
    files.set(file, state);
    if (event.type === "test:start") {
      state.path.length = nesting;
      state.path[nesting] = name;
      if (nesting > 0) state.hasChildren[nesting - 1] = true;
      continue;
    }
    const isParent = event.data.details.type === "suite" || state.hasChildren[nesting] === true;
    state.hasChildren.length = nesting;
    const line = { name: [...state.path.slice(0, nesting), name].join(" › "), detail: "" };
    if (event.type === "test:pass") {
      if (!isParent)
        yield toLine({
          ...line,
          outcome: event.data.skip === undefined && event.data.todo === undefined ? "passed" : "skipped",
        });
      continue;
    }
    const error = event.data.details.error as Error & { failureType?: string };
    // A parent fails with its children; only a fault of its own (a hook, a timeout) is one more.
    if (isParent && error.failureType === "subtestsFailed") continue;
    yield toLine({
      ...line,
      outcome: "failed",
      detail: `${file}:${event.data.line ?? 0}\n${inspect(error.cause ?? error, { depth: 4 })}${nesting === 0 ? `\n${(said.get(file) ?? []).join("\n")}` : ""}`,
    });
  }
}

function toLine(line: TestLine): string {
  return `${JSON.stringify(line)}\n`;
}
