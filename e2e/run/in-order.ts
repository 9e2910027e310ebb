/**
 * `node in-order.ts AT_ONCE FILE…`: runs test files as `node --test` does, several at a time, but begins them in the
 * order given. `node --test` begins them by name, and a long one that begins last keeps the others waiting.
 */
import { run } from "node:test";
import report from "./reporter.ts";

const [atOnce, ...files] = process.argv.slice(2);
const events = run({ files, concurrency: Number(atOnce) });
events.on("test:fail", ({ todo }) => {
  if (todo === undefined || todo === false) process.exitCode = 1;
});
events.compose(report).pipe(process.stdout);
