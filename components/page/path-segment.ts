/** A path's segment as it was before it was put into an address. Next hands them over encoded. */
export function pathSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // not an encoding of anything: taken as it stands
  }
}
