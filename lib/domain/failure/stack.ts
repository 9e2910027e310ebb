import { maxStackBytes, splitException } from "./facts.ts";
import { parseAtFrame, parsePythonFrame, type Frame } from "./frames.ts";

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
  return { rootType: exceptionClass, rootMessage, frame: nearestFrame(blocks) };
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

/**
 * The first frame of own code in the root cause, else in the exceptions around it (the JVM leaves out the frames they
 * share), else the first frame of all.
 */
function nearestFrame(blocks: readonly Block[]): string | null {
  for (const block of blocks) {
    const own = block.frames.find((frame) => !frame.framework);
    if (own !== undefined) return own.name;
  }
  return blocks.find((block) => block.frames.length > 0)?.frames[0]?.name ?? null;
}

/** Splits a JVM, .NET or Node trace into one block for each exception, the root cause first. */
function atBlocks(lines: readonly string[]): readonly Block[] {
  let current: Block = { header: "", frames: [] };
  const blocks = [current];
  const open: Block[] = [current];
  let suppressed = false;
  for (const line of lines) {
    const trimmed = line.trim();
    if (trimmed === "") continue;
    const indented = line.startsWith("\t") || line.startsWith(" ");
    if (!indented) suppressed = false;
    else if (trimmed.startsWith("Suppressed: ")) suppressed = true;
    if (suppressed) continue;
    if (trimmed.startsWith("--- End of inner exception")) {
      // .NET prints the frames of the inner exception first, then those of the exception around it.
      if (open.length > 1) open.pop();
      current = open.at(-1) as Block;
      continue;
    }
    const header = headerOf(trimmed, indented);
    if (header !== null) {
      for (const part of header.split(" ---> ")) {
        current = { header: part, frames: [] };
        blocks.push(current);
        open.push(current);
      }
    } else if (trimmed.startsWith("at ")) {
      const frame = parseAtFrame(trimmed.slice(3));
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

/** The exception that a line introduces as a cause; null if it introduces none. */
function headerOf(trimmed: string, indented: boolean): string | null {
  if (!indented && trimmed.startsWith("Caused by: ")) return trimmed.slice(11);
  if (trimmed.startsWith("[cause]: ")) return trimmed.slice(9);
  return trimmed.startsWith("---> ") ? trimmed.slice(5).replace(/^\(Inner Exception #\d+\) /, "") : null;
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
