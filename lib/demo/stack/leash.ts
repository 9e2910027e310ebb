/**
 * Starts processes that cannot outlive this one. A keeper process in its own session is their parent. It is connected
 * to this process by a pipe, so it notices when this process ends, even by kill -9, and then stops them all.
 */
import { fork } from "node:child_process";
import path from "node:path";
import { signalGroup, type FromKeeper, type LeashedCommand, type ToKeeper } from "./leash-protocol.ts";

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
  /** Sends the stop signal, kills it after STOP_GRACE_MS, and resolves when it has ended. */
  stop(): Promise<Exit>;
}

export interface Leash {
  /** while the keeper lives, some of its processes may still run */
  readonly keeperPid: number | undefined;
  start(command: LeashedCommand): Promise<LeashedProcess>;
  /** Stops the processes that still run, and the keeper. */
  close(): Promise<void>;
}

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
  const keeperExit = new Promise<void>((resolve) => keeper.once("exit", () => resolve()));
  const send = (message: ToKeeper) => {
    // `keeperExit` reports the end of the keeper, so a send error is ignored.
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
    if (held.size === 0) unref();
  });
  void keeperExit.then(() => {
    for (const entry of held.values()) {
      // The keeper was killed, so its processes are killed here.
      if (!closing && entry.pid > 0) signalGroup(entry.pid, "SIGKILL");
      entry.rejectStart(new Error("the keeper of the child processes has ended"));
      entry.resolveExit({ code: null, signal: "SIGKILL" });
    }
    held.clear();
  });

  const exits = new Map<number, Promise<Exit>>();
  const unref = () => {
    keeper.unref();
    keeper.channel?.unref();
  };
  unref();

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
      if (keeper.exitCode === null && keeper.signalCode === null) await keeperExit;
    },
  };
}
