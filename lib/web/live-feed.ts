/**
 * What every open page sees live. One LISTEN, one pulse and one graph per distinct filter, whatever the number of
 * browsers; nothing is computed while nobody looks.
 */
import type pg from "pg";
import type { FlowQuery } from "#lib/contracts/flow.ts";
import type { QueryDeps } from "#lib/queries/deps.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { listen, type Listener, type Notice } from "./listen.ts";
import { LiveChanges } from "./live-changes.ts";
import { LiveFlow } from "./live-flow.ts";
import { openMailbox, type Mailbox, type Noun } from "./live-mailbox.ts";
import { LivePulse } from "./live-pulse.ts";
import type { WebMetrics } from "./metrics.ts";

const TICK_MS = 50;

const NOUNS_OF: Readonly<Record<Notice["kind"], readonly Noun[]>> = {
  flush: ["topics"],
  correlated: ["traces"],
  evaluated: ["groups"],
  replay: ["replays", "failures"],
  failures: ["failures"],
  alerts: ["alerts"],
};

export interface LiveFeedDeps {
  readonly pool: pg.Pool;
  readonly queries: QueryDeps;
  readonly metrics: WebMetrics;
  readonly log: Logger;
}

export class LiveFeed {
  readonly #deps: LiveFeedDeps;
  readonly #mailboxes = new Set<Mailbox>();
  readonly #changes = new LiveChanges();
  readonly #pulse: LivePulse;
  readonly #flow: LiveFlow;
  readonly #listener: Listener;
  readonly #timer: NodeJS.Timeout;
  #isTicking = false;

  constructor(deps: LiveFeedDeps) {
    this.#deps = deps;
    const { pool, queries, log } = deps;
    this.#pulse = new LivePulse(queries, log);
    this.#flow = new LiveFlow(queries, log);
    this.#listener = listen(pool, log, {
      notice: (notice) => this.#onNotice(notice),
      state: (listening) => this.#onListening(listening),
    });
    this.#timer = setInterval(
      () => void this.#tick().catch((error: unknown) => log.error({ err: error }, "the live feed stumbled")),
      TICK_MS,
    );
  }

  /** null: too many filters already */
  subscribe(flow: FlowQuery | null, who: string): Mailbox | null {
    if (flow !== null && !this.#flow.hasRoomFor(flow, who)) return null;
    const mailbox = openMailbox((closed) => {
      this.#mailboxes.delete(closed);
      this.#flow.remove(closed);
      this.#deps.metrics.streams.set(this.#mailboxes.size);
    });
    this.#mailboxes.add(mailbox);
    this.#deps.metrics.streams.set(this.#mailboxes.size);
    if (flow !== null) this.#flow.add(mailbox, flow, who);
    this.#pulse.touch();
    return mailbox;
  }

  isListening(): boolean {
    return this.#listener.isListening();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const mailbox of this.#mailboxes) mailbox.close();
    await this.#listener.close();
  }

  #onNotice({ kind, through }: Notice): void {
    this.#pulse.touch(through);
    if (kind !== "replay" && kind !== "alerts") this.#flow.touch();
    for (const noun of NOUNS_OF[kind]) this.#changes.add(noun);
  }

  #onListening(listening: boolean): void {
    this.#deps.metrics.listening.set(listening ? 1 : 0);
    this.#pulse.touch();
    if (!listening) return;
    // What happened while nothing was heard.
    this.#changes.addAll();
    this.#flow.touch();
  }

  async #tick(): Promise<void> {
    if (this.#isTicking || this.#mailboxes.size === 0) return;
    this.#isTicking = true;
    const { metrics, queries } = this.#deps;
    try {
      const now = queries.now();
      if (await this.#pulse.refresh(now)) this.#changes.add("failures");
      const pulse = this.#pulse.takeDue(queries.now());
      if (pulse !== null) {
        metrics.frames.inc({ event: "pulse" });
        for (const mailbox of this.#mailboxes) mailbox.put("pulse", pulse);
      }
      const changed = this.#changes.takeDue(now);
      if (changed.length > 0) {
        metrics.frames.inc({ event: "changed" });
        for (const mailbox of this.#mailboxes) mailbox.changed(changed);
      }
      metrics.frames.inc({ event: "flow" }, await this.#flow.drawDue(now));
    } finally {
      this.#isTicking = false;
    }
  }
}
