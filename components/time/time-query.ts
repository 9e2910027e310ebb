/** The time range in the address. Pages read it on the server too, so this is not a client module. */
import { createLoader, parseAsInteger, parseAsIsoDateTime } from "nuqs/server";

const DEFAULT_MINUTES = 30;

export const TIME_PARSERS = { minutes: parseAsInteger.withDefault(DEFAULT_MINUTES), at: parseAsIsoDateTime };
export const timeQuery = createLoader(TIME_PARSERS);

/** Within the limits of the API. */
export const clampMinutes = (minutes: number): number => Math.min(1440, Math.max(5, minutes));
