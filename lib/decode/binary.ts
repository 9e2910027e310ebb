import { hexOf } from "#lib/domain/text/text.ts";
import type { DecodedContent } from "./decoder.ts";

const maxPreviewBytes = 4096;
const bytesPerLine = 16;

/** A body that no decoder accepts. Its value is hex; its text has lines of offset, hex and ASCII, as hexdump prints. */
export function binaryBody(raw: Uint8Array): DecodedContent {
  const shown = raw.subarray(0, maxPreviewBytes);
  const lines: string[] = [];
  for (let at = 0; at < shown.length; at += bytesPerLine) lines.push(lineOf(shown.subarray(at, at + bytesPerLine), at));
  return { value: `0x${hexOf(shown, maxPreviewBytes)}`, text: lines.join("\n"), truncated: raw.length > shown.length };
}

function lineOf(bytes: Uint8Array, at: number): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const ascii = Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
  return `${at.toString(16).padStart(8, "0")}  ${hex.padEnd(bytesPerLine * 3 - 1)}  |${ascii}|`;
}
