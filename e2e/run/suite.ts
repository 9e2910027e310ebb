/** What a suite is given and what it answers. */
import type { CommandResult } from "./command.ts";
import type { FileLine } from "./reporter.ts";

export interface SuiteOutcome {
  readonly passed: number;
  readonly failures: readonly { readonly name: string; readonly detail: string }[];
  /** tests that were left out, each with why where it says so */
  readonly leftOut?: readonly string[];
  /** how long each test file took */
  readonly files: readonly FileLine[];
}

export interface SuiteContext {
  readonly root: string;
  readonly scratch: string;
  /** of `npm test -- changed`: the changed files, and the tests they can touch; null: everything */
  readonly only: { readonly changed: readonly string[]; readonly tests: ReadonlySet<string> } | null;
  readonly run: (
    command: string,
    args: readonly string[],
    options?: { readonly env: Readonly<Record<string, string>> },
  ) => Promise<CommandResult>;
}

export interface Suite {
  readonly name: string;
  /** null: of the changed files none is this suite's */
  run(context: SuiteContext): Promise<SuiteOutcome | null>;
}
