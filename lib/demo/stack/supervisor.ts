/** Starts parts in order, logging each step, and stops them in reverse order. */
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

  /** Starts a part. `done` returns details for the log line. */
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

  /** Stops all started parts; a part that cannot be stopped does not prevent stopping the others. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    for (let entry = this.#parts.pop(); entry !== undefined; entry = this.#parts.pop()) {
      const { name, part } = entry;
      await part.stop().catch((error: unknown) => this.#say(`${name}: could not be stopped: ${String(error)}`));
    }
  }
}
