/** Processes of an earlier run that lost both their holder and their keeper. */
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The command line of a process, empty when it is gone: a process id alone may be somebody else's by now. */
export const commandLineOf = (pid: number): Promise<string> =>
  run("ps", ["-p", String(pid), "-o", "args="]).then(
    ({ stdout }) => stdout.trim(),
    () => "",
  );

/** Ends the process when its command line still names what it was started for, and waits until it is gone. */
export async function endLeftover(pid: number, marker: string, signal: NodeJS.Signals): Promise<void> {
  if (!Number.isInteger(pid) || pid <= 1 || !(await commandLineOf(pid)).includes(marker)) return;
  process.kill(pid, signal);
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 200) {
    await sleep(200);
    if (!(await commandLineOf(pid)).includes(marker)) return;
  }
  process.kill(pid, "SIGKILL");
}
