/** What leash.ts and the keeper process share: their messages, and how processes are stopped. */

export interface LeashedCommand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** receives stdout and stderr; of bounded size, with the older half in `<logFile>.1` */
  readonly logFile: string;
  /** the signal that asks it to end; STOP_GRACE_MS later its whole process group is killed */
  readonly stopSignal: "SIGTERM" | "SIGINT";
  /** command to run after it has ended, for whatever reason */
  readonly afterExit?: readonly [command: string, ...args: string[]];
}

export type ToKeeper =
  | { kind: "start"; id: number; command: LeashedCommand }
  | { kind: "signal"; id: number; signal: NodeJS.Signals }
  | { kind: "stop"; id: number };
export type FromKeeper =
  | { kind: "started"; id: number; name: string; pid: number }
  | { kind: "refused"; id: number; reason: string }
  | { kind: "exited"; id: number; code: number | null; signal: string | null };

export const STOP_GRACE_MS = 8_000;

/** Signals a process group; no error if it has ended already. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
