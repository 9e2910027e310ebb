/** How long an event takes from the broker into the index, at most, in ms. */
const INGEST_DELAY_MS = 3000;

/**
 * Up to which time (epoch ms) the steps of a series are complete: an incomplete step would look like a falling rate.
 */
export const wholeUntil = (readAt: string | null): number =>
  readAt === null ? Infinity : Date.parse(readAt) - INGEST_DELAY_MS;
