/** An address under the path; Next knows its root without a slash at the end. */
export const withBase = (address: string, base: string): string =>
  base !== "" && /^\/(?:\?|$)/.test(address) ? base + address.slice(1) : base + address;

/**
 * An address as it is at the root. One without the path is left as it is: a proxy may have taken it away already, and
 * probes ask the process itself.
 */
export function withoutBase(address: string, base: string): string {
  if (base === "" || !address.startsWith(base)) return address;
  const rest = address.slice(base.length);
  if (rest.startsWith("/")) return rest;
  return rest === "" || rest.startsWith("?") ? `/${rest}` : address;
}
