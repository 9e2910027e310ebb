import { readFileSync } from "node:fs";
import path from "node:path";

/** The arguments of a script `node …` in package.json, so that a process is started here as users start it. */
export function npmScript(root: string, name: "start" | "tap"): string[] {
  const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    scripts: Readonly<Record<string, string>>;
  };
  const [command, ...args] = (scripts[name] ?? "").split(" ");
  if (command !== "node") throw new Error(`the script "${name}" of package.json is not node's`);
  return args.map((arg) => (arg.startsWith("-") ? arg : path.join(root, arg)));
}
