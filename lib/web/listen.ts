/** One LISTEN for the whole process, opened again whenever the line breaks. */
import type pg from "pg";
import { z } from "zod";
import type { Logger } from "#lib/telemetry/log.ts";

/** What taps, correlator, inspector, replays and alerts tell on the channel `flowtap`. */
const Notice = z.object({
  kind: z.enum(["flush", "correlated", "evaluated", "replay", "failures", "alerts"]),
  through: z.number().optional(),
  events: z.number().optional(),
});
export type Notice = z.infer<typeof Notice>;

const CHANNEL = "flowtap";
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;
/** A line that died without a word is found out by asking. */
const ASK_EVERY_MS = 10_000;
const ANSWER_WITHIN_MS = 5000;

export interface Listener {
  isListening(): boolean;
  close(): Promise<void>;
}

export function listen(
  pool: pg.Pool,
  log: Logger,
  on: { notice(notice: Notice): void; state(listening: boolean): void },
): Listener {
  let closed = false;
  let client: pg.PoolClient | undefined;
  let retryMs = FIRST_RETRY_MS;
  let timer: NodeJS.Timeout | undefined;

  const lost = (error: unknown) => {
    clearTimeout(timer);
    const broken = client;
    client = undefined;
    // Destroyed, not returned: nobody else may get a connection that listens.
    broken?.release(true);
    if (closed) return;
    if (broken !== undefined || retryMs === FIRST_RETRY_MS)
      log.warn({ reason: String(error) }, "Postgres no longer tells what is new; trying again");
    on.state(false);
    timer = setTimeout(() => void connect(), retryMs);
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
  };

  const connect = async () => {
    try {
      const opened = await pool.connect();
      if (closed) return opened.release(true);
      client = opened;
      opened.on("error", (error) => client === opened && lost(error));
      opened.on("notification", ({ payload }) => {
        const notice = Notice.safeParse(parse(payload));
        if (notice.success) on.notice(notice.data);
        else log.debug({ payload: payload?.slice(0, 200) }, "a notice that nobody here knows");
      });
      await opened.query(`LISTEN ${CHANNEL}`);
      retryMs = FIRST_RETRY_MS;
      on.state(true);
      timer = setTimeout(() => void ask(opened), ASK_EVERY_MS);
    } catch (error) {
      lost(error);
    }
  };

  const ask = async (asked: pg.PoolClient) => {
    if (closed || client !== asked) return;
    const silent = setTimeout(() => client === asked && lost(new Error("no answer")), ANSWER_WITHIN_MS);
    try {
      await asked.query("SELECT 1");
      if (client === asked) timer = setTimeout(() => void ask(asked), ASK_EVERY_MS);
    } catch (error) {
      if (client === asked) lost(error);
    } finally {
      clearTimeout(silent);
    }
  };

  void connect();
  return {
    isListening: () => client !== undefined,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      client?.release(true);
      client = undefined;
    },
  };
}

function parse(payload: string | undefined): unknown {
  try {
    return JSON.parse(payload ?? "null");
  } catch {
    return null;
  }
}
