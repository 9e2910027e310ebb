/** Decodes a segment of a path: Next passes them encoded. */
export function pathSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // no valid encoding: used as it is
  }
}
