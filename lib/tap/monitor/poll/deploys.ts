/** Finds deploys in the turnover of groups' members. */
const WITHIN_MS = 120_000;
/** One deploy is one event, however long it rolls. */
const AGAIN_AFTER_MS = 600_000;
const MAX_TURNOVER = 1000;

export interface ClientMember {
  readonly memberId: string;
  readonly clientId: string;
}

interface Turnover {
  readonly atMs: number;
  readonly memberId: string;
  readonly pattern: string;
  readonly change: "joined" | "left";
}

export interface Deploy {
  readonly replaced: number;
  /** the patterns of the client ids that were replaced */
  readonly patterns: readonly string[];
}

export class Deploys {
  readonly #turnover = new Map<number, Turnover[]>();
  readonly #deployedAtMs = new Map<number, number>();

  /**
   * A deploy: most members were replaced by others with the same pattern of client ids, by a release or a restart.
   * Members that come and go again and again are no deploy. `sizeBefore`: how many members there were.
   */
  find(
    groupId: number,
    joined: readonly ClientMember[],
    left: readonly ClientMember[],
    sizeBefore: number,
    atMs: number,
  ): Deploy | null {
    const recent = (this.#turnover.get(groupId) ?? []).filter((one) => one.atMs > atMs - WITHIN_MS);
    const changeOf = ({ memberId, clientId }: ClientMember, change: Turnover["change"]): Turnover => ({
      atMs,
      memberId,
      pattern: patternOf(clientId),
      change,
    });
    const turnover = [
      ...recent,
      ...joined.map((member) => changeOf(member, "joined")),
      ...left.map((member) => changeOf(member, "left")),
    ].slice(-MAX_TURNOVER);
    if (turnover.length === 0) this.#turnover.delete(groupId);
    else this.#turnover.set(groupId, turnover);
    if (joined.length + left.length === 0) return null;
    if (atMs - (this.#deployedAtMs.get(groupId) ?? -Infinity) < AGAIN_AFTER_MS) return null;
    const deploy = deployIn(turnover, sizeBefore);
    if (deploy !== null) {
      this.#deployedAtMs.set(groupId, atMs);
      this.#turnover.delete(groupId);
    }
    return deploy;
  }

  forget(groupId: number): void {
    this.#turnover.delete(groupId);
    this.#deployedAtMs.delete(groupId);
  }
}

function deployIn(turnover: readonly Turnover[], sizeBefore: number): Deploy | null {
  const idsOf = (change: Turnover["change"]) =>
    new Set(turnover.flatMap((one) => (one.change === change ? [one.memberId] : [])));
  // A member that joined and left within the time has replaced no other.
  const [joined, left] = [idsOf("joined"), idsOf("left")];
  const patterns = [...Map.groupBy(turnover, (one) => one.pattern)].map(([pattern, all]) => ({
    pattern,
    new: all.filter((one) => one.change === "joined" && !left.has(one.memberId)).length,
    old: all.filter((one) => one.change === "left" && !joined.has(one.memberId)).length,
  }));
  const replaced = patterns.reduce((sum, pattern) => sum + Math.min(pattern.new, pattern.old), 0);
  const size = Math.max(
    1,
    sizeBefore,
    patterns.reduce((sum, pattern) => sum + pattern.old, 0),
  );
  if (replaced * 2 <= size) return null;
  return {
    replaced,
    patterns: patterns.filter((one) => one.new > 0 && one.old > 0).map(({ pattern }) => pattern),
  };
}

/** What the client ids of one program have in common: its instances differ by a number or by a random part. */
const patternOf = (clientId: string): string =>
  clientId
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, "*")
    .replaceAll(/\b[0-9a-f]{6,}\b/gi, "*")
    .replaceAll(/\d+/g, "*");
