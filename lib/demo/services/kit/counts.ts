/** Counts what a service published and processed, and stores it on disk. Tests compare other counts with these. */
import fs from "node:fs";
import path from "node:path";

const WRITE_EVERY_MS = 1_000;

export interface CountsView {
  readonly service: string;
  readonly group: string | null;
  /** topic → event type → events the broker has acknowledged */
  readonly published: Record<string, Record<string, number>>;
  /** topic → processed events; a redelivered event counts each time */
  readonly processed: Record<string, number>;
}

export class Counts {
  readonly view: CountsView;
  readonly #file: string;
  #timer: NodeJS.Timeout | null = null;

  constructor(stateDir: string, service: string, group: string | null) {
    this.#file = path.join(stateDir, `${service}.counts.json`);
    fs.mkdirSync(stateDir, { recursive: true });
    this.view = fs.existsSync(this.#file)
      ? (JSON.parse(fs.readFileSync(this.#file, "utf8")) as CountsView)
      : { service, group, published: {}, processed: {} };
  }

  published(topic: string, type: string): void {
    const types = (this.view.published[topic] ??= {});
    types[type] = (types[type] ?? 0) + 1;
    this.#changed();
  }

  processed(topic: string, events: number): void {
    this.view.processed[topic] = (this.view.processed[topic] ?? 0) + events;
    this.#changed();
  }

  write(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    fs.writeFileSync(`${this.#file}.new`, JSON.stringify(this.view));
    fs.renameSync(`${this.#file}.new`, this.#file);
  }

  #changed(): void {
    this.#timer ??= setTimeout(() => this.write(), WRITE_EVERY_MS);
  }
}
