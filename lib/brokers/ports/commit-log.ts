/** The log in which a broker writes down what its groups commit. */
import type { Result } from "#lib/domain/result.ts";
import type { LogRecord } from "./log-source.ts";

export interface CommitEntry {
  readonly kind: "commit";
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** null: the commit was removed, by expiry or because its group or topic was deleted */
  readonly commit: { readonly offset: bigint; readonly committedAtMs: number } | null;
}

/** The group has settled in a new generation, or lost its last member. */
export interface GenerationEntry {
  readonly kind: "generation";
  readonly group: string;
  readonly generation: number;
  /** null: an old broker, which does not write the time */
  readonly atMs: number | null;
  readonly memberCount: number;
  /** "client id at host" of its members, bounded in number and length */
  readonly clients: readonly string[];
}

export type CommitLogEntry = CommitEntry | GenerationEntry;

export interface CommitLog {
  readonly topic: string;
  /** null: a record that says neither; an error: one that cannot be read, and why */
  read(record: Pick<LogRecord, "key" | "value">): Result<CommitLogEntry | null, string>;
}
