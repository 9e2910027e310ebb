/** The time that an address asks for. Read by the pages on the server too, so this is no client module. */
import { createLoader, parseAsInteger, parseAsIsoDateTime } from "nuqs/server";

const DEFAULT_MINUTES = 30;

export const TIME_PARSERS = { minutes: parseAsInteger.withDefault(DEFAULT_MINUTES), at: parseAsIsoDateTime };
export const askedTime = createLoader(TIME_PARSERS);

/** As the API takes it. */
export const clampMinutes = (minutes: number): number => Math.min(1440, Math.max(5, minutes));
