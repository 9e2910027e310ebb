// Parses times as frameworks write them into headers. Results are epoch milliseconds, or null for invalid text.

/** what a timestamptz and a Date both hold: 1970 to 9999 */
const LATEST_STORABLE_MS = 253_402_300_799_999;
const N_SERVICE_BUS = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d):(\d{6}) Z$/;

/** An ISO 8601 / RFC 3339 or HTTP date as epoch milliseconds; null for anything else. */
export function parseTime(text: string | null): number | null {
  if (text === null || text.length < 10 || text.length > 40) return null;
  const utc = parseUtc(text);
  if (utc !== null) return utc;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/**
 * Parses "2024-05-06T07:08:09.123Z", the form of nearly every event, several times as fast as Date.parse; null for any
 * other form.
 */
function parseUtc(text: string): number | null {
  if (
    text.length !== 24 ||
    text.charCodeAt(10) !== 0x54 ||
    text.charCodeAt(19) !== 0x2e ||
    text.charCodeAt(23) !== 0x5a
  )
    return null;
  if (
    text.charCodeAt(4) !== 0x2d ||
    text.charCodeAt(7) !== 0x2d ||
    text.charCodeAt(13) !== 0x3a ||
    text.charCodeAt(16) !== 0x3a
  )
    return null;
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 7);
  const day = digitsAt(text, 8, 10);
  const hour = digitsAt(text, 11, 13);
  const minute = digitsAt(text, 14, 16);
  const second = digitsAt(text, 17, 19);
  const ms = digitsAt(text, 20, 23);
  // Date.parse handles years before 1000 and rejects values out of range.
  if (
    !(
      year >= 1000 &&
      month >= 1 &&
      month <= 12 &&
      day >= 1 &&
      day <= 31 &&
      hour <= 23 &&
      minute <= 59 &&
      second <= 59 &&
      ms >= 0
    )
  )
    return null;
  return Date.UTC(year, month - 1, day, hour, minute, second, ms);
}

/** The number that the digits from..to form; NaN if one of the characters is no digit. */
function digitsAt(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : NaN;
  }
  return value;
}

/**
 * NServiceBus's own "yyyy-MM-dd HH:mm:ss:ffffff Z" as epoch milliseconds (microseconds cut); null for anything else.
 */
export function parseNServiceBusTime(text: string | null): number | null {
  const [, y, mo, d, h, mi, s, micros] = (text === null ? null : N_SERVICE_BUS.exec(text)) ?? [];
  return micros === undefined ? null : Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}.${micros.slice(0, 3)}Z`) || null;
}

/** Decimal text as epoch milliseconds; null for anything else and for times outside the range of Date. */
export function parseEpochMs(text: string | null): number | null {
  if (text === null || !/^\d{1,16}$/.test(text)) return null;
  const ms = Number(text);
  return ms <= 8.64e15 ? ms : null;
}

/** A time as it is stored: the given one, or the nearest that can be. Clients may stamp a record with any number. */
export const storableTimeMs = (ms: number): number => (ms > LATEST_STORABLE_MS ? LATEST_STORABLE_MS : ms > 0 ? ms : 0);
