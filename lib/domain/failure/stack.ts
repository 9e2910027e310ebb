import { maxStackBytes, splitException } from "./facts.ts";
import { parseAtFrame, parsePythonFrame, type Frame } from "./frames.ts";
import { ownFrame } from "./own-frame.ts";

/** The root cause of a failure, as its stack trace shows it; null if unknown. */
interface StackReading {
  readonly rootType: string | null;
  readonly rootMessage: string | null;
  /** the first frame of own code at the root cause, else the nearest one there is */
  readonly frame: string | null;
}

interface Block {
  header: string;
  readonly frames: Frame[];
}

const NOTHING: StackReading = { rootType: null, rootMessage: null, frame: null };

/**
 * Reads the root cause from a JVM, .NET, Node or Python stack trace; linear in its first 16 KiB, the rest is ignored.
 */
export function readStack(stack: string | null, message: string | null = null): StackReading {
  if (stack === null) return NOTHING;
  const text = withoutMessageLines(stack.slice(0, maxStackBytes), message);
  const lines = text.split("\n");
  const blocks = text.includes("Traceback (most recent call last)") ? pythonBlocks(lines) : atBlocks(lines);
  const root = blocks[0];
  if (root === undefined) return NOTHING;
  const { exceptionClass, message: rootMessage } = splitException(root.header);
  return { rootType: exceptionClass, rootMessage, frame: ownFrame(blocks.map(({ frames }) => frames)) };
}

/** The type of the root cause according to the stack trace; null if it shows none. */
export const rootTypeOf = (stack: string | null, message: string | null): string | null =>
  readStack(stack, message).rootType;

/**
 * Cuts the message, which the stack trace repeats, to its first line: further lines could look like frames or causes.
 */
function withoutMessageLines(stack: string, message: string | null): string {
  const lineEnd = message === null ? -1 : message.indexOf("\n");
  return message === null || lineEnd < 0 ? stack : stack.split(message).join(message.slice(0, lineEnd));
}

/** Splits a JVM, .NET or Node trace into one block for each exception, the root cause first. */
function atBlocks(lines: readonly string[]): readonly Block[] {
  let current: Block = { header: "", frames: [] };
  const blocks = [current];
  const open: Block[] = [current];
  let suppressed = false;
  const frameText = frameReader(lines);
  for (const line of lines) {
    const trimmed = line.trim();
    if (trimmed === "") continue;
    const indented = line.startsWith("\t") || line.startsWith(" ");
    if (!indented) suppressed = false;
    else if (trimmed.startsWith("Suppressed: ")) suppressed = true;
    if (suppressed) continue;
    if (endsInner(trimmed, indented)) {
      // .NET prints the frames of the inner exception first, then those of the exception around it.
      if (open.length > 1) open.pop();
      current = open.at(-1) as Block;
      continue;
    }
    const header = headerOf(trimmed, indented);
    const at = frameText(line);
    if (header !== null) {
      for (const part of header.split(" ---> ")) {
        current = { header: part, frames: [] };
        blocks.push(current);
        open.push(current);
      }
    } else if (at !== null) {
      const frame = parseAtFrame(at);
      if (frame !== null) current.frames.push(frame);
    } else if (current.header === "" && current.frames.length === 0) {
      const [outer = "", ...inner] = trimmed.replace(/^Exception in thread "[^"]{0,200}" /, "").split(" ---> ");
      current.header = outer;
      for (const part of inner) {
        current = { header: part, frames: [] };
        blocks.push(current);
        open.push(current);
      }
    }
  }
  return blocks.reverse();
}

/**
 * Finds the text after "at" in the lines that are frames. .NET writes the word in the language of its machine ("bei",
 * "à", "場所"), so where no line has "at", any short word before a qualified method is one.
 */
function frameReader(lines: readonly string[]): (line: string) => string | null {
  const isEnglish = lines.some((line) => /^\s*at \S/.test(line));
  return (line) => (isEnglish ? /^\s*at (.*)$/ : FRAME_IN_ANY_LANGUAGE).exec(line)?.[1]?.trim() ?? null;
}

const FRAME_IN_ANY_LANGUAGE = /^\s{1,8}(?:[\p{L}\p{M}:-]{1,20} ){1,3}([^\s(]{1,400}\.[^\s(.]{1,400}\(.*)$/u;

/**
 * .NET's line between an inner exception and the one around it, in any language. That of an exception thrown again is
 * not indented.
 */
const endsInner = (trimmed: string, indented: boolean): boolean =>
  trimmed.startsWith("--- End of inner exception") || (indented && /^--- [^>].* ---$/.test(trimmed));

/** The exception that a line introduces as a cause; null if it introduces none. */
function headerOf(trimmed: string, indented: boolean): string | null {
  if (!indented && trimmed.startsWith("Caused by: ")) return trimmed.slice(11);
  if (trimmed.startsWith("[cause]: ")) return trimmed.slice(9);
  return trimmed.startsWith("---> ") ? trimmed.slice(5).replace(/^\([^()#]{1,60}#\d+\) /, "") : null;
}

/**
 * Splits Python tracebacks into blocks, the root cause first; in each the innermost frame first (Python
 * prints it last).
 */
function pythonBlocks(lines: readonly string[]): readonly Block[] {
  const blocks: Block[] = [];
  let current: Block | null = null;
  for (const line of lines) {
    if (line.trimStart().startsWith("Traceback (most recent call last)")) {
      current = { header: "", frames: [] };
      blocks.push(current);
      continue;
    }
    if (current === null || current.header !== "") continue;
    const frame = parsePythonFrame(line);
    if (frame !== null) current.frames.unshift(frame);
    else if (/^[\p{L}_]/u.test(line)) current.header = line;
  }
  return blocks;
}
