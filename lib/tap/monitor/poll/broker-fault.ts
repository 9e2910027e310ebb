import { cleanText, cutText } from "#lib/domain/text/text.ts";

const LONGEST = 1000;

/** The broker did not answer as it should; what is remembered stays good. */
export class BrokerFault extends Error {
  override readonly name = "BrokerFault";
}

/** Why a broker did not answer, as it can be stored and shown: some of it is the broker's own words. */
export const reasonOf = (error: unknown): string =>
  cutText(cleanText(error instanceof Error ? error.message : String(error)), LONGEST);
