/** Starts parts in order, saying what it does, and stops them in reverse. */
export interface Part {
  stop(): Promise<unknown>;
}

export class Supervisor {
  readonly #parts: { name: string; part: Part }[] = [];
  readonly #say: (line: string) => void;
  #stopping: Promise<void> | null = null;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  get isStopping(): boolean {
    return this.#stopping !== null;
  }

  /** `start` says in `done` what came of it, for the line. */
  async start<P extends Part>(
    name: string,
    doing: string,
    start: () => Promise<P>,
    done: (part: P) => string = () => "",
  ): Promise<P> {
    if (this.isStopping) throw new Error("stopping");
    const sinceMs = Date.now();
    this.#say(`${name}: ${doing}`);
    const part = await start();
    this.#parts.push({ name, part });
    const outcome = done(part);
    this.#say(
      `${name}: ready in ${((Date.now() - sinceMs) / 1000).toFixed(1)} s${outcome === "" ? "" : `, ${outcome}`}`,
    );
    return part;
  }

  /** Stops everything started so far; a part that cannot be stopped does not keep the others. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    for (let entry = this.#parts.pop(); entry !== undefined; entry = this.#parts.pop()) {
      const { name, part } = entry;
      await part.stop().catch((error: unknown) => this.#say(`${name}: did not stop in order: ${String(error)}`));
    }
  }
}
