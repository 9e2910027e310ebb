/**
 * How a cause is known: `declared` by the messages or the configuration, `traced` by spans that the services sent,
 * `inferred` from who read what before. Flowtap takes in no spans yet, so nothing writes `traced`; the database, the
 * API and the pages are ready for it.
 */
export const KNOWN_BY = ["declared", "traced", "inferred"] as const;
export type KnownBy = (typeof KNOWN_BY)[number];
