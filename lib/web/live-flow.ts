/** The flow graph for each distinct filter that somebody has open. */
import { FlowQuery } from "#lib/contracts/flow.ts";
import { getFlowGraph } from "#lib/queries/flow.ts";
import type { QueryDeps } from "#lib/queries/deps.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import type { Mailbox } from "./live-mailbox.ts";

const EVERY_MS = 150;
/** A graph that takes long is drawn the less often, so that each takes a fifth of a core at most. */
const PAUSE_PER_DRAWING = 4;
/** Rates fall when nothing comes any more, so the graph is drawn anew without notices too. */
const AT_LEAST_EVERY_MS = 5000;
const MOST_FILTERS = 50;
/** One token must not keep everybody else from opening a filter. */
const MOST_FILTERS_PER_IDENTITY = 20;

interface Channel {
  readonly query: FlowQuery;
  readonly openedBy: string;
  readonly mailboxes: Set<Mailbox>;
  text: string | null;
  isDirty: boolean;
  drawnAtMs: number;
  drawingMs: number;
}

export class LiveFlow {
  readonly #queries: QueryDeps;
  readonly #log: Logger;
  readonly #channels = new Map<string, Channel>();

  constructor(queries: QueryDeps, log: Logger) {
    this.#queries = queries;
    this.#log = log;
  }

  /** Whether one more browser may have this filter open. */
  hasRoomFor(query: FlowQuery, who: string): boolean {
    if (this.#channels.has(keyOf(query))) return true;
    const own = [...this.#channels.values()].filter(({ openedBy }) => openedBy === who).length;
    return this.#channels.size < MOST_FILTERS && own < MOST_FILTERS_PER_IDENTITY;
  }

  add(mailbox: Mailbox, query: FlowQuery, who: string): void {
    const key = keyOf(query);
    const channel = this.#channels.get(key) ?? {
      query,
      openedBy: who,
      mailboxes: new Set(),
      text: null,
      isDirty: true,
      drawnAtMs: 0,
      drawingMs: 0,
    };
    this.#channels.set(key, channel);
    channel.mailboxes.add(mailbox);
    if (channel.text !== null) mailbox.put("flow", channel.text);
  }

  remove(mailbox: Mailbox): void {
    for (const [key, channel] of this.#channels)
      if (channel.mailboxes.delete(mailbox) && channel.mailboxes.size === 0) this.#channels.delete(key);
  }

  touch(): void {
    for (const channel of this.#channels.values()) channel.isDirty = true;
  }

  /** One after the other: a hundred filters must not become a hundred queries at once. Answers how many were drawn. */
  async drawDue(nowMs: number): Promise<number> {
    let drawn = 0;
    for (const channel of this.#channels.values()) {
      const ageMs = nowMs - channel.drawnAtMs;
      const everyMs = Math.max(EVERY_MS, channel.drawingMs * PAUSE_PER_DRAWING);
      if (((channel.isDirty && ageMs >= everyMs) || ageMs >= AT_LEAST_EVERY_MS) && (await this.#draw(channel, nowMs)))
        drawn++;
    }
    return drawn;
  }

  async #draw(channel: Channel, nowMs: number): Promise<boolean> {
    channel.isDirty = false;
    channel.drawnAtMs = nowMs;
    const startedAt = performance.now();
    try {
      const graph = await getFlowGraph(this.#queries, channel.query);
      if (!graph.ok) return false;
      channel.text = JSON.stringify(graph.value);
      for (const mailbox of channel.mailboxes) mailbox.put("flow", channel.text);
      return true;
    } catch (error) {
      this.#log.debug({ reason: String(error) }, "no graph for the live feed");
      return false;
    } finally {
      channel.drawingMs = performance.now() - startedAt;
    }
  }
}

const keyOf = (query: FlowQuery): string => JSON.stringify(FlowQuery.parse({ ...query, at: undefined }));
