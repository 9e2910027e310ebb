/**
 * What every open page sees live. One LISTEN, one pulse and one graph per distinct filter, whatever the number of
 * browsers; nothing is computed while nobody looks.
 */
import type pg from "pg";
import { FlowQuery } from "#lib/contracts/flow.ts";
import type { Pulse } from "#lib/contracts/stream.ts";
import type { QueryDeps } from "#lib/queries/deps.ts";
import { getFlowGraph } from "#lib/queries/flow.ts";
import { getPulse } from "#lib/queries/pulse.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { listen, type Notice } from "./listen.ts";
import { openMailbox, type Mailbox, type Noun } from "./live-mailbox.ts";
import type { WebMetrics } from "./metrics.ts";

const PULSE_EVERY_MS = 200;
const PULSE_AT_LEAST_MS = 5000;
const FIGURES_EVERY_MS = 1000;
const FLOW_EVERY_MS = 1000;
/** Rates fall when nothing comes any more, so the graph is drawn anew without notices too. */
const FLOW_AT_LEAST_MS = 5000;
const CHANGED_EVERY_MS: Readonly<Record<Noun, number>> = {
  groups: 2000,
  topics: 5000,
  traces: 3000,
  failures: 1000,
  replays: 500,
  alerts: 500,
};
const TICK_MS = 100;
const MOST_BROWSERS = 500;
const MOST_FILTERS = 50;

const NOUNS_OF: Readonly<Record<Notice["kind"], readonly Noun[]>> = {
  flush: ["topics"],
  correlated: ["traces"],
  evaluated: ["groups"],
  replay: ["replays", "failures"],
  failures: ["failures"],
  alerts: ["alerts"],
};

interface Channel {
  readonly query: FlowQuery;
  readonly mailboxes: Set<Mailbox>;
  text: string | null;
  dirty: boolean;
  madeAt: number;
}

export interface LiveFeed {
  /** null: too many already */
  subscribe(flow: FlowQuery | null): Mailbox | null;
  isListening(): boolean;
  close(): Promise<void>;
}

export interface LiveFeedDeps {
  readonly pool: pg.Pool;
  readonly queries: QueryDeps;
  readonly metrics: WebMetrics;
  readonly log: Logger;
}

export function openLiveFeed({ pool, queries, metrics, log }: LiveFeedDeps): LiveFeed {
  const mailboxes = new Set<Mailbox>();
  const channels = new Map<string, Channel>();
  const changes = new Map<Noun, { pending: boolean; sentAt: number }>();
  let pulse: Pulse | null = null;
  let pulseDirty = true;
  let pulseAt = 0;
  let figuresAt = 0;
  let indexedThroughMs = 0;
  let lastFailureId: bigint | null = null;
  let busy = false;

  const listener = listen(pool, log, {
    notice: (notice) => {
      pulseDirty = true;
      if (notice.through !== undefined)
        indexedThroughMs = Math.max(indexedThroughMs, Math.min(notice.through, queries.now()));
      if (notice.kind !== "replay" && notice.kind !== "alerts")
        for (const channel of channels.values()) channel.dirty = true;
      for (const noun of NOUNS_OF[notice.kind]) touch(noun);
    },
    state: (listening) => {
      metrics.listening.set(listening ? 1 : 0);
      pulseDirty = true;
      if (!listening) return;
      // What happened while nobody told us.
      for (const noun of Object.keys(CHANGED_EVERY_MS) as Noun[]) touch(noun);
      for (const channel of channels.values()) channel.dirty = true;
    },
  });

  function touch(noun: Noun): void {
    const change = changes.get(noun) ?? { pending: false, sentAt: 0 };
    changes.set(noun, { ...change, pending: true });
  }

  /** A pulse between two looks at the figures only moves its clock and how far the index reaches. */
  function sendPulse(now: number): void {
    if (pulse === null) return;
    pulseDirty = false;
    pulseAt = now;
    const through = Math.max(indexedThroughMs, Date.parse(pulse.indexedThrough ?? "") || 0);
    pulse = {
      ...pulse,
      at: new Date(now).toISOString(),
      indexedThrough: through === 0 ? null : new Date(through).toISOString(),
    };
    const text = JSON.stringify(pulse);
    metrics.frames.inc({ event: "pulse" });
    for (const mailbox of mailboxes) mailbox.put("pulse", text);
  }

  async function readFigures(now: number): Promise<void> {
    figuresAt = now;
    try {
      const read = await getPulse(queries);
      if (lastFailureId !== null && read.lastFailureId !== lastFailureId) touch("failures");
      lastFailureId = read.lastFailureId;
      pulse = read.pulse;
    } catch (error) {
      log.debug({ reason: String(error) }, "no figures for the pulse");
      const known = pulse ?? {
        at: "",
        indexedThrough: null,
        eventsPerSecond: 0,
        errorsPerSecond: 0,
        tapBehind: 0,
        taps: 0,
        clusters: [],
        counts: { groupsStuck: 0, groupsWarning: 0, failuresOpen: 0, replaysRunning: 0, alertsFiring: 0 },
      };
      pulse = { ...known, database: "unreachable" };
    }
  }

  function sendChanged(now: number): void {
    const due = [...changes]
      .filter(([noun, change]) => change.pending && now - change.sentAt >= CHANGED_EVERY_MS[noun])
      .map(([noun]) => noun);
    if (due.length === 0) return;
    for (const noun of due) changes.set(noun, { pending: false, sentAt: now });
    metrics.frames.inc({ event: "changed" });
    for (const mailbox of mailboxes) mailbox.changed(due);
  }

  async function drawFlow(channel: Channel, now: number): Promise<void> {
    channel.dirty = false;
    channel.madeAt = now;
    try {
      const graph = await getFlowGraph(queries, channel.query);
      if (!graph.ok) return;
      channel.text = JSON.stringify(graph.value);
      metrics.frames.inc({ event: "flow" });
      for (const mailbox of channel.mailboxes) mailbox.put("flow", channel.text);
    } catch (error) {
      log.debug({ reason: String(error) }, "no graph for the live feed");
    }
  }

  async function tick(): Promise<void> {
    if (busy || mailboxes.size === 0) return;
    busy = true;
    try {
      const now = queries.now();
      if (now - figuresAt >= FIGURES_EVERY_MS && (pulseDirty || now - figuresAt >= PULSE_AT_LEAST_MS))
        await readFigures(now);
      if ((pulseDirty && now - pulseAt >= PULSE_EVERY_MS) || now - pulseAt >= PULSE_AT_LEAST_MS)
        sendPulse(queries.now());
      sendChanged(now);
      // One after the other: a hundred filters must not become a hundred queries at once.
      for (const channel of channels.values()) {
        if ((channel.dirty && now - channel.madeAt >= FLOW_EVERY_MS) || now - channel.madeAt >= FLOW_AT_LEAST_MS)
          await drawFlow(channel, now);
      }
    } finally {
      busy = false;
    }
  }
  const timer = setInterval(
    () => void tick().catch((error: unknown) => log.error({ err: error }, "the live feed stumbled")),
    TICK_MS,
  );

  function channelOf(query: FlowQuery): Channel | null {
    const key = JSON.stringify(FlowQuery.parse({ ...query, at: undefined }));
    const known = channels.get(key);
    if (known !== undefined) return known;
    if (channels.size >= MOST_FILTERS) return null;
    const channel: Channel = { query, mailboxes: new Set(), text: null, dirty: true, madeAt: 0 };
    channels.set(key, channel);
    return channel;
  }

  return {
    subscribe: (flow) => {
      if (mailboxes.size >= MOST_BROWSERS) return null;
      const channel = flow === null ? null : channelOf(flow);
      if (flow !== null && channel === null) return null;
      const mailbox = openMailbox((closed) => {
        mailboxes.delete(closed);
        metrics.streams.set(mailboxes.size);
        channel?.mailboxes.delete(closed);
        for (const [key, one] of channels) if (one === channel && one.mailboxes.size === 0) channels.delete(key);
      });
      mailboxes.add(mailbox);
      channel?.mailboxes.add(mailbox);
      metrics.streams.set(mailboxes.size);
      pulseDirty = true;
      if (channel?.text) mailbox.put("flow", channel.text);
      return mailbox;
    },
    isListening: () => listener.isListening(),
    close: async () => {
      clearInterval(timer);
      for (const mailbox of mailboxes) mailbox.close();
      await listener.close();
    },
  };
}
