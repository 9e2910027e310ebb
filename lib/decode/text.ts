import { cleanText, decodeBounded } from "#lib/domain/text/text.ts";
import { ok } from "#lib/domain/result.ts";
import { maxTextChars, refuse, type Decoder } from "./decoder.ts";

/** UTF-8 without control characters. Only the first maxTextChars bytes are shown and checked. */
export const textDecoder: Decoder = {
  encoding: "text",
  tryDecode(raw) {
    const text = decodeBounded(raw, maxTextChars);
    // U+FFFD nearly always replaces invalid bytes. A valid text rarely contains it; such a text is refused as well.
    if (text.includes("\ufffd")) return refuse("not_utf8", "not UTF-8");
    if (cleanText(text) !== text) return refuse("control_characters", "holds control characters");
    return ok({ value: text, text, truncated: raw.length > maxTextChars });
  },
};
