/** How much memory a process has taken at most since it was started. */
import { readFile } from "node:fs/promises";

/** In MiB; null where the system does not tell, as macOS. */
export async function peakMemoryMiB(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? null : Math.round(Number(kib) / 1024);
}
