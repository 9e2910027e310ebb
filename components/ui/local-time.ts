const CHARS = { minutes: "2026-11-21T14:02".length, seconds: "2026-11-21T14:02:07".length } as const;

/** The format of a datetime-local field: local time without a zone. */
export const localTime = (at: Date, upTo: keyof typeof CHARS): string =>
  new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, CHARS[upTo]);
