/** Holds two processes on a leash, one of which will not listen, says all three process ids, and waits to be killed. */
import path from "node:path";
import { openLeash } from "#lib/demo/stack/leash.ts";

const [dir = "."] = process.argv.slice(2);
const leash = openLeash();
const willing = await leash.start({
  name: "willing",
  command: "sleep",
  args: ["1000"],
  logFile: path.join(dir, "willing.log"),
  stopSignal: "SIGTERM",
});
const deaf = await leash.start({
  name: "deaf",
  command: process.execPath,
  args: ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"],
  logFile: path.join(dir, "deaf.log"),
  stopSignal: "SIGTERM",
});
await new Promise((resolve) => setTimeout(resolve, 500));
console.log(process.pid, willing.pid, deaf.pid);
