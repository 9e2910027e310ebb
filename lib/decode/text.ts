import { cleanText, decodeBounded } from "#lib/domain/text/text.ts";
import { err, ok } from "#lib/domain/result.ts";
import { maxTextChars, type Decoder } from "./decoder.ts";

/** UTF-8 without control characters, cut at maxTextChars bytes. The rest is not checked. */
export const textDecoder: Decoder = {
  encoding: "text",
  tryDecode(raw) {
    const text = decodeBounded(raw, maxTextChars);
    // U+FFFD nearly always comes from invalid bytes; a text that contains it itself is rare enough to be
    // reported so too.
    if (text.includes("\ufffd")) return err("not UTF-8");
    if (cleanText(text) !== text) return err("holds control characters");
    return ok({ value: text, text, truncated: raw.length > maxTextChars });
  },
};
