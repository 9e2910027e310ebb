/**
 * A node:test reporter for machines: one JSON line per finished leaf test, so that suites and parents are not counted
 * beside their children, and one per finished file with how long it took.
 */
import { inspect } from "node:util";
import type { TestEvent } from "node:test/reporters";

export interface TestLine {
  readonly outcome: "passed" | "failed" | "skipped";
  readonly name: string;
  readonly detail: string;
}

export interface FileLine {
  /** as node:test was given it, or absolute */
  readonly file: string;
  readonly seconds: number;
}

const OUTPUT_LINES_KEPT = 20;

export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  /** per file: the names on the way down, and at which depths children were already reported */
  const files = new Map<string, { path: string[]; hasChildren: boolean[] }>();
  /** per file: what it printed beside its tests, which explains a file that fails as a whole */
  const output = new Map<string, string[]>();
  for await (const event of source) {
    if (event.type === "test:stderr" || event.type === "test:diagnostic") {
      const { file = "", message } = event.data;
      output.set(file, [...(output.get(file) ?? []), message.trimEnd()].slice(-OUTPUT_LINES_KEPT));
      continue;
    }
    if (event.type === "test:summary") {
      const { file, duration_ms: durationMs } = event.data;
      if (file !== undefined) yield toLine({ file, seconds: durationMs / 1000 });
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
      const { skip, todo } = event.data;
      // A suite that is left out has no children, and is told by its own name.
      if (skip !== undefined || todo !== undefined)
        yield toLine({ ...line, outcome: "skipped", detail: typeof skip === "string" ? skip : "" });
      else if (!isParent) yield toLine({ ...line, outcome: "passed" });
      continue;
    }
    const error = event.data.details.error as Error & { failureType?: string };
    // A parent fails with its children; only a fault of its own (a hook, a timeout) is one more.
    if (isParent && error.failureType === "subtestsFailed") continue;
    const printed = nesting === 0 ? `\n${(output.get(file) ?? []).join("\n")}` : "";
    const detail = `${file}:${event.data.line ?? 0}\n${inspect(error.cause ?? error, { depth: 4 })}${printed}`;
    yield toLine({ ...line, outcome: "failed", detail });
  }
}

function toLine(line: TestLine | FileLine): string {
  return `${JSON.stringify(line)}\n`;
}
