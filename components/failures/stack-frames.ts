/** Finds the first frame of the application in a stack trace, under the innermost cause. */

/** Frames of runtimes, frameworks and broker clients: they show how the code was called, not what is wrong with it. */
const LIBRARY_PREFIXES = [
  "java.",
  "javax.",
  "jdk.",
  "sun.",
  "jakarta.",
  "kotlin.",
  "kotlinx.",
  "scala.",
  "org.springframework.",
  "org.apache.",
  "org.hibernate.",
  "io.micrometer.",
  "io.opentelemetry.",
  "io.netty.",
  "io.smallrye.",
  "io.quarkus.",
  "reactor.",
  "com.fasterxml.",
  "com.sun.",
  "com.zaxxer.",
  "System.",
  "Microsoft.",
  "MassTransit.",
  "NServiceBus.",
  "Confluent.",
  "node:",
  "internal/",
];
const LIBRARY_PARTS = ["node_modules", "site-packages", "/usr/lib/python", "<frozen ", "<anonymous>"];
const anyOf = (texts: readonly string[]) => `(?:${texts.map((text) => text.replaceAll(".", "\\.")).join("|")})`;
const NOT_APPLICATION = new RegExp(`(?:^|[\\s(/\\\\])${anyOf(LIBRARY_PREFIXES)}|${anyOf(LIBRARY_PARTS)}`);
const FRAME = /^\s+at\s+\S|^\s+File "/;
const CAUSE = /^(?:Caused by: |\s*---> |The above exception was the direct cause)/;

export interface StackLine {
  readonly text: string;
  readonly kind: "message" | "frame" | "library";
  /** the first frame of the application; at most one line has it */
  readonly first: boolean;
}

/**
 * The stack's lines, at most `limit`, with the first application frame of the innermost cause marked (or of the whole
 * when that has none).
 */
export function stackLines(stack: string, limit = 400): readonly StackLine[] {
  const lines = stack.split(/\r?\n/, limit).map((text) => ({ text: text.slice(0, 500), kind: kindOf(text) }));
  const innermost = lines.findLastIndex((line) => CAUSE.test(line.text));
  // Python prints the most recent call last, other languages first.
  const newestLast = lines.some((line) => line.text.startsWith("Traceback (most recent call last)"));
  const found = newestLast
    ? lines.findLastIndex((line) => line.kind === "frame")
    : lines.findIndex((line, i) => i > innermost && line.kind === "frame");
  const first = found >= 0 ? found : lines.findIndex((line) => line.kind === "frame");
  return lines.map((line, i) => ({ ...line, first: i === first }));
}

function kindOf(line: string): StackLine["kind"] {
  if (!FRAME.test(line)) return /^\s*\.\.\. \d+ (?:more|common frames)/.test(line) ? "library" : "message";
  // Java may put the module before the class: `at java.base/java.lang…`, `at app//com.example…`
  return NOT_APPLICATION.test(line.replace(/^(\s+at\s+)(?:[\w.@-]+\/)+/, "$1")) ? "library" : "frame";
}
