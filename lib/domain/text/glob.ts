/**
 * Whether a topic name matches a glob: * stands for any characters, ? for one. Linear in practice, quadratic at worst,
 * never exponential.
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
      // The last star takes one character more.
      g = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (glob.charAt(g) === "*") g++;
  return g === glob.length;
}
