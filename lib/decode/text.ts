import { cleanText, decodeBounded } from "#lib/domain/text/text.ts";
import { err, ok } from "#lib/domain/result.ts";
import { maxTextChars, type Decoder } from "./decoder.ts";

/** UTF-8 without control characters, shown up to its bound. What lies beyond the bound is not looked at. */
export const textDecoder: Decoder = {
  encoding: "text",
  tryDecode(raw) {
    const text = decodeBounded(raw, maxTextChars);
    // U+FFFD in the source itself is rare enough to be told as what it nearly always is.
    if (text.includes("\ufffd")) return err("not UTF-8");
    if (cleanText(text) !== text) return err("holds control characters");
    return ok({ value: text, text, truncated: raw.length > maxTextChars });
  },
};
