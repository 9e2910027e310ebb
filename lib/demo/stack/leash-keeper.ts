/**
 * The keeper's process: starts what it is told to, and stops all of it when the pipe to the one who told it
 * closes. See leash.ts.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { openBoundedLog, type BoundedLog } from "./bounded-log.ts";
import { STOP_GRACE_MS, signalGroup, type LeashedCommand } from "./leash.ts";

export type ToKeeper =
  | { kind: "start"; id: number; command: LeashedCommand }
  | { kind: "signal"; id: number; signal: NodeJS.Signals }
  | { kind: "stop"; id: number };
export type FromKeeper =
  | { kind: "started"; id: number; name: string; pid: number }
  | { kind: "refused"; id: number; reason: string }
  | { kind: "exited"; id: number; code: number | null; signal: string | null };

interface Kept {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly command: LeashedCommand;
  killTimer: NodeJS.Timeout | null;
}
const kept = new Map<number, Kept>();
let released = false;

const tell = (message: FromKeeper) => {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
};

function start(id: number, command: LeashedCommand): void {
  let log: BoundedLog;
  let child: ChildProcess;
  try {
    log = openBoundedLog(command.logFile);
    child = spawn(command.command, [...command.args], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NODE_CHANNEL_FD: undefined, ...command.env },
      ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
      ...(command.uid === undefined ? {} : { uid: command.uid, gid: command.gid }),
    });
  } catch (error) {
    tell({ kind: "refused", id, reason: `${command.name}: ${(error as Error).message}` });
    return;
  }
  child.stdout?.on("data", log.write);
  child.stderr?.on("data", log.write);
  child.once("error", (error) => tell({ kind: "refused", id, reason: `${command.name}: ${error.message}` }));
  const pid = child.pid;
  if (pid === undefined) return;
  kept.set(id, { child, pid, command, killTimer: null });
  child.once("exit", (code, signal) => {
    const entry = kept.get(id);
    if (entry?.killTimer) clearTimeout(entry.killTimer);
    signalGroup(pid, "SIGKILL");
    if (command.afterExit !== undefined) {
      const [after, ...args] = command.afterExit;
      spawnSync(after, args, { stdio: "ignore", timeout: 10_000 });
    }
    kept.delete(id);
    tell({ kind: "exited", id, code, signal });
    if (released && kept.size === 0) process.exit(0);
  });
  child.once("close", log.close);
  tell({ kind: "started", id, name: command.name, pid });
}

function stop(entry: Kept): void {
  if (entry.killTimer !== null) return;
  entry.killTimer = setTimeout(() => signalGroup(entry.pid, "SIGKILL"), STOP_GRACE_MS);
  // Only the process itself: it ends its own children in its own order (Postgres), and what it leaves goes
  // with its group.
  entry.child.kill(entry.command.stopSignal);
}

function release(): void {
  if (released) return;
  released = true;
  if (kept.size === 0) process.exit(0);
  for (const entry of [...kept.values()].reverse()) stop(entry);
}

process.on("message", (message: ToKeeper) => {
  if (message.kind === "start") {
    start(message.id, message.command);
    return;
  }
  const entry = kept.get(message.id);
  if (entry === undefined) return;
  if (message.kind === "stop") stop(entry);
  else signalGroup(entry.pid, message.signal);
});
process.on("disconnect", release);
process.on("SIGTERM", release);
// A terminal's signals are for the one who holds us; it decides what they mean.
for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);
