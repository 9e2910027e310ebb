import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  /** both streams as a person would have seen them, the last megabyte */
  readonly output: string;
}

const KEPT_CHARS = 1 << 20;
const GRACE_MS = 8000;

/** Runs a command in a process group of its own, so that ending it ends what it started. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output = (output + text).slice(-KEPT_CHARS);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-KEPT_CHARS);
    });
    const end = (signal: NodeJS.Signals): void => {
      if (child.pid !== undefined) signalGroup(child.pid, signal);
    };
    let killing: NodeJS.Timeout | undefined;
    const stop = (): void => {
      end("SIGTERM");
      killing = setTimeout(() => end("SIGKILL"), GRACE_MS);
    };
    options.signal.addEventListener("abort", stop, { once: true });
    const finish = (code: number | null): void => {
      clearTimeout(killing);
      options.signal.removeEventListener("abort", stop);
      end("SIGKILL");
      resolve({ code, stdout, output });
    };
    child.on("error", (error) => {
      output += error.message;
      finish(null);
    });
    // Not "close": a stray grandchild that keeps the pipe open must not hold up the run.
    child.on("exit", (code) => setTimeout(() => finish(code), 50));
  });
}

/**
 * Ends every process that has this run's marker in its environment, and returns how many there were. Works on Linux
 * only, where environments of other processes can be read.
 */
export async function endStrays(marker: string): Promise<number> {
  const strays = new Set<number>();
  for (const [attempt, signal] of (["SIGTERM", "SIGKILL"] as const).entries()) {
    const found = processesMarked(marker);
    if (found.length === 0) break;
    for (const pid of found) {
      strays.add(pid);
      signalProcess(pid, signal);
    }
    for (let waitedMs = 0; attempt === 0 && waitedMs < GRACE_MS && processesMarked(marker).length > 0; waitedMs += 100)
      await sleep(100);
  }
  return strays.size;
}

function processesMarked(marker: string): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, "latin1").includes(`FLOWTAP_TEST_RUN=${marker}\0`);
      } catch {
        return false; // gone meanwhile, or another user's
      }
    })
    .map(Number);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  signalProcess(-pid, signal);
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
