/**
 * The keeper process: starts the processes requested by its parent, and stops all when the pipe to it
 * closes. See leash.ts.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { openBoundedLog, type BoundedLog } from "./bounded-log.ts";
import { signalGroup, STOP_GRACE_MS, type FromKeeper, type LeashedCommand, type ToKeeper } from "./leash-protocol.ts";

interface Kept {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly command: LeashedCommand;
  killTimer: NodeJS.Timeout | null;
}
const kept = new Map<number, Kept>();
let released = false;

const send = (message: FromKeeper) => {
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
    send({ kind: "refused", id, reason: `${command.name}: ${(error as Error).message}` });
    return;
  }
  child.stdout?.on("data", log.write);
  child.stderr?.on("data", log.write);
  child.once("error", (error) => send({ kind: "refused", id, reason: `${command.name}: ${error.message}` }));
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
    send({ kind: "exited", id, code, signal });
    if (released && kept.size === 0) process.exit(0);
  });
  child.once("close", log.close);
  send({ kind: "started", id, name: command.name, pid });
}

function stop(entry: Kept): void {
  if (entry.killTimer !== null) return;
  entry.killTimer = setTimeout(() => signalGroup(entry.pid, "SIGKILL"), STOP_GRACE_MS);
  // Signal only the process itself: Postgres, for one, stops its own children in order. The rest of the group is killed
  // when it has ended.
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
// Ignore the terminal's signals: the parent handles them.
for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);
