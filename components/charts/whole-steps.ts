/** The way from the broker into the index. */
const ON_THE_WAY_MS = 3000;

/**
 * Until when (epoch ms) the steps of a series read then are whole: one that still fills would look like a
 * rate that falls.
 */
export const wholeUntil = (readAt: string | null): number =>
  readAt === null ? Infinity : Date.parse(readAt) - ON_THE_WAY_MS;
