import { readFileSync } from "node:fs";
import path from "node:path";

/**
 * Node's arguments of a script of package.json that is `node …`, so that a process started here is the
 * one a user starts.
 */
export function npmScript(root: string, name: "start" | "tap"): string[] {
  const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    scripts: Readonly<Record<string, string>>;
  };
  const [command, ...args] = (scripts[name] ?? "").split(" ");
  if (command !== "node") throw new Error(`the script "${name}" of package.json is not node's`);
  return args.map((arg) => (arg.startsWith("-") ? arg : path.join(root, arg)));
}
