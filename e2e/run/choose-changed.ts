/** `npm test -- changed`: what differs from the branch the work goes to, and the tests it can touch. */
import { files, git, imports, textOf } from "../architecture/tree.ts";
import { chooseTests } from "./choose.ts";
import type { SuiteContext } from "./suite.ts";

/** Chooses, and says what it chose and what it left out. */
export function chooseChanged(): NonNullable<SuiteContext["only"]> {
  const { since, changed } = changedFiles();
  const { tests, startedBy, reasons } = chooseTests(changed, { files, imports, textOf });
  console.log(`${changed.length} files differ from ${since.slice(0, 12)}`);
  for (const reason of reasons) console.log(`  ${reason}`);
  console.log(`  ${tests.length} test files load what changed`);
  if (startedBy.length > 0)
    console.log(
      `  ${startedBy.length} more only start a process that does, and are left out: npm test -- system end-to-end`,
    );
  return { changed: changed.filter((file) => files.includes(file)), tests: new Set(tests) };
}

/** Committed since the work branched off, not committed yet, or new. */
function changedFiles(): { readonly since: string; readonly changed: readonly string[] } {
  const since = branchPoint();
  const tracked = git("diff", "--name-only", "-z", since);
  const untracked = git("ls-files", "-z", "--others", "--exclude-standard");
  return { since, changed: [...new Set([...tracked, ...untracked])].sort() };
}

/** Where the work left the branch it goes to; on that branch itself, its last commit. */
function branchPoint(): string {
  const head = revision("rev-parse", "HEAD");
  const points = ["@{upstream}", "origin/main", "main"].map((branch) => revision("merge-base", "HEAD", branch));
  return points.find((point) => point !== null && point !== head) ?? "HEAD";
}

function revision(...args: string[]): string | null {
  try {
    return git(...args)
      .join("")
      .trim();
  } catch {
    return null; // no such branch here
  }
}
