/** The repository as its tests of structure see it: its files, and which of them imports which. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

export const root = path.resolve(import.meta.dirname, "../..");

export function git(...args: string[]): string[] {
  return execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 })
    .split("\0")
    .filter((line) => line !== "");
}

/** What is committed and what is about to be; ignored files are left out. */
export const files: readonly string[] = git("ls-files", "-z", "--cached", "--others", "--exclude-standard").filter(
  (file) => ts.sys.fileExists(path.join(root, file)),
);
export const code = files.filter((file) => /\.(ts|tsx|mts|js|mjs|cjs)$/.test(file));
export const textOf = (file: string): string => readFileSync(path.join(root, file), "utf8");

export interface Import {
  readonly from: string;
  /** a path in the repository, a package's name, or `node:…` */
  readonly to: string;
  /** as the file has it: `./…`, `#lib/…` or a package's name */
  readonly written: string;
  /** as the tests print it */
  readonly line: string;
}

/** Static and dynamic imports, those of types too, and modules that `new URL(…)` names to start a thread or process. */
function importsOf(file: string): Import[] {
  const text = textOf(file);
  const names = [
    ...ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName),
    ...[...text.matchAll(/new URL\(\s*"(\.[^"]+\.tsx?)",\s*import\.meta\.url/g)].map((match) => match[1] ?? ""),
  ];
  return names.map((name) => {
    const to = resolve(file, name);
    return { from: file, to, written: name, line: `${file} → ${to}` };
  });
}

function resolve(file: string, name: string): string {
  if (name.startsWith("#")) return name.slice(1);
  return name.startsWith(".") ? path.posix.normalize(path.posix.join(path.posix.dirname(file), name)) : name;
}

export const imports: readonly Import[] = code.flatMap(importsOf);
