/**
 * Starts processes that cannot outlive us. A keeper in a session of its own holds them; it is tied to us by a pipe, so
 * that it notices our end whatever ended us (even kill -9), and stops everything it holds.
 */
import { fork } from "node:child_process";
import path from "node:path";
import type { FromKeeper, ToKeeper } from "./leash-keeper.ts";

export interface LeashedCommand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** stdout and stderr go here; bounded in size, the older half in `<logFile>.1` */
  readonly logFile: string;
  /** how it is asked to end; 8 s later its whole process group is killed */
  readonly stopSignal: "SIGTERM" | "SIGINT";
  /** run once it has ended, whatever ended it */
  readonly afterExit?: readonly [command: string, ...args: string[]];
}

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface LeashedProcess {
  readonly name: string;
  readonly pid: number;
  readonly exited: Promise<Exit>;
  isRunning(): boolean;
  /** Signals the process and everything it started. */
  kill(signal: NodeJS.Signals): void;
  /** Asks it to end, kills it after the grace time, and answers when it is gone. */
  stop(): Promise<Exit>;
}

export interface Leash {
  /** the keeper's: while it lives, something of ours may still run */
  readonly keeperPid: number | undefined;
  start(command: LeashedCommand): Promise<LeashedProcess>;
  /** Stops what still runs, and the keeper. */
  close(): Promise<void>;
}

export const STOP_GRACE_MS = 8_000;

interface Held {
  pid: number;
  resolveStart: (process: LeashedProcess) => void;
  rejectStart: (reason: Error) => void;
  resolveExit: (exit: Exit) => void;
}

export function openLeash(): Leash {
  const keeper = fork(path.join(import.meta.dirname, "leash-keeper.ts"), [], {
    detached: true,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv: [],
  });
  const held = new Map<number, Held>();
  let lastId = 0;
  let closing = false;
  const gone = new Promise<void>((resolve) => keeper.once("exit", () => resolve()));
  const send = (message: ToKeeper) => {
    // The keeper's end is seen by `gone`; a message that crosses it needs no error of its own.
    if (keeper.connected) keeper.send(message, () => undefined);
  };

  keeper.on("message", (message: FromKeeper) => {
    const entry = held.get(message.id);
    if (entry === undefined) return;
    if (message.kind === "started") {
      entry.pid = message.pid;
      entry.resolveStart(handleOf(message.id, message.name, message.pid));
    } else if (message.kind === "refused") {
      held.delete(message.id);
      entry.rejectStart(new Error(message.reason));
    } else {
      held.delete(message.id);
      entry.resolveExit({ code: message.code, signal: message.signal });
    }
    if (held.size === 0) letGo();
  });
  void gone.then(() => {
    for (const entry of held.values()) {
      // Somebody killed the keeper: nothing holds these any more, so they go now.
      if (!closing && entry.pid > 0) signalGroup(entry.pid, "SIGKILL");
      entry.rejectStart(new Error("the keeper of the child processes has ended"));
      entry.resolveExit({ code: null, signal: "SIGKILL" });
    }
    held.clear();
  });

  const exits = new Map<number, Promise<Exit>>();
  const letGo = () => {
    keeper.unref();
    keeper.channel?.unref();
  };
  letGo();

  function handleOf(id: number, name: string, pid: number): LeashedProcess {
    const exited = exits.get(id) ?? Promise.resolve({ code: null, signal: null });
    exits.delete(id);
    return {
      name,
      pid,
      exited,
      isRunning: () => held.has(id),
      kill: (signal) => send({ kind: "signal", id, signal }),
      stop: () => {
        send({ kind: "stop", id });
        return exited;
      },
    };
  }

  return {
    keeperPid: keeper.pid,
    start(command) {
      if (!keeper.connected) return Promise.reject(new Error("the keeper of the child processes has ended"));
      const id = ++lastId;
      keeper.ref();
      keeper.channel?.ref();
      return new Promise<LeashedProcess>((resolveStart, rejectStart) => {
        exits.set(
          id,
          new Promise<Exit>((resolveExit) => held.set(id, { pid: 0, resolveStart, rejectStart, resolveExit })),
        );
        send({ kind: "start", id, command });
      });
    },
    async close() {
      closing = true;
      keeper.ref();
      if (keeper.connected) keeper.disconnect();
      if (keeper.exitCode === null && keeper.signalCode === null) await gone;
    },
  };
}

/** Signals a process group; one that is gone already is no fault. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
