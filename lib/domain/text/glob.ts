/**
 * Whether a name matches a glob: * matches any characters, ? exactly one. Greedy matching with one backtracking point:
 * linear for usual globs, quadratic at worst, never exponential.
 */
export function topicMatches(glob: string, topic: string): boolean {
  let g = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < topic.length) {
    if (g < glob.length && glob.charAt(g) === "*") {
      star = g++;
      resume = t;
    } else if (g < glob.length && (glob.charAt(g) === "?" || glob.charAt(g) === topic.charAt(t))) {
      g++;
      t++;
    } else if (star >= 0) {
      // Let the last * match one more character.
      g = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (glob.charAt(g) === "*") g++;
  return g === glob.length;
}

export interface NamePatterns {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Whether one of the globs includes the name, and none excludes it. */
export const isIncluded = ({ include, exclude }: NamePatterns, name: string): boolean =>
  include.some((glob) => topicMatches(glob, name)) && !exclude.some((glob) => topicMatches(glob, name));
