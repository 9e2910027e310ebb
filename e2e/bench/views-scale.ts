/** How large the system of the bench `views` is, and where each of its events lies. */

export const SCALE = {
  events: 2_000_000,
  hours: 6,
  traces: 400_000,
  topics: 50,
  groups: 2000,
  groupsOnOneTopic: 15_000,
  failures: 20_000,
  fingerprints: 300,
  replays: 300,
  incidents: 5000,
  alerts: 2000,
} as const;

export const CLUSTER = "test";
export const BUSY_TOPIC = "shop.busy";
export const HOT_KEY = "cust-hot";
export const RARE_TYPE = "shop.escalated";
export const PARTITIONS = 4;
/** How many events each partition of the event topics holds. */
export const PER_PARTITION = SCALE.events / SCALE.topics / PARTITIONS;
/** The event with this remainder is the hot key's: all of one partition, 10,000 of them. */
export const HOT_REMAINDER = 77;
export const LARGEST_RUN = 10_000;

export const topicName = (id: number): string => `shop.topic-${String(id).padStart(2, "0")}`;
export const orderKey = (trace: number): string => `order-${trace}`;
/** Where the nth event of all lies: its topic's id, its partition and its offset. */
export const positionOf = (n: number) => ({
  destinationId: 1 + (n % SCALE.topics),
  partition: Math.floor(n / SCALE.topics) % PARTITIONS,
  offset: Math.floor(n / SCALE.topics / PARTITIONS),
});
export const hotPosition = positionOf(HOT_REMAINDER);

export const SPAN_MS = SCALE.hours * 3_600_000;
export const BUSY_ID = SCALE.topics + 1;
export const FIRST_DLT = SCALE.topics + 2;
export const DLTS = 10;
export const PER_TRACE = SCALE.events / SCALE.traces;

export const at = (ms: number): string => `'${new Date(ms).toISOString()}'::timestamptz`;
/** When the nth event happened: evenly over the hours, the last a moment ago. */
export const timeOf = (n: string, nowMs: number): string =>
  `${at(nowMs - SPAN_MS - 15_000)} + (${n}) * interval '${SPAN_MS / SCALE.events} milliseconds'`;
export const traceUuid = (trace: string): string => `md5('trace-' || (${trace}))::uuid`;
export const destinationOf = (n: string): string => `1 + ((${n}) % ${SCALE.topics})::int`;
/** Each topic has two versions of one type; one flow in twenty thousand ends with a rare one. */
export const typeOf = (n: string, trace: string): string =>
  `
    CASE
      WHEN (${trace}) % 20000 = 7 AND (${n}) % ${PER_TRACE} = ${PER_TRACE - 1} THEN ${2 * SCALE.topics + 1}
      ELSE 2 * (${destinationOf(n)}) - CASE WHEN (${trace}) % 10 = 0 THEN 0 ELSE 1 END
    END`;
export const serviceOf = (destination: string): string => `1 + ((${destination}) - 1) % 25`;
