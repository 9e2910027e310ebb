/** Processes of an earlier run whose parent and keeper were both killed. */
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The command line of a process; empty if it has ended. Needed because a process id may have been reused. */
export const commandLineOf = (pid: number): Promise<string> =>
  run("ps", ["-p", String(pid), "-o", "args="]).then(
    ({ stdout }) => stdout.trim(),
    () => "",
  );

/** Ends the process if its command line contains the marker, and waits until it has ended. */
export async function endLeftover(pid: number, marker: string, signal: NodeJS.Signals): Promise<void> {
  if (!Number.isInteger(pid) || pid <= 1 || !(await commandLineOf(pid)).includes(marker)) return;
  process.kill(pid, signal);
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 200) {
    await sleep(200);
    if (!(await commandLineOf(pid)).includes(marker)) return;
  }
  process.kill(pid, "SIGKILL");
}
