/** Which requests may come in at all, by where they come from and what they call us. */
import { isIP } from "node:net";

interface HeaderSource {
  get(name: string): string | null;
}

/** Whether a write comes from our own pages or from no browser at all. */
export function isFromHere(headers: HeaderSource, publicUrl: string | undefined): boolean {
  const origin = headers.get("origin");
  if (origin === null) return !["cross-site", "same-site"].includes(headers.get("sec-fetch-site") ?? "");
  let host: string;
  try {
    host = new URL(origin).host;
  } catch {
    return false; // "null", from sandboxed frames
  }
  return host === headers.get("host") || (publicUrl !== undefined && origin === new URL(publicUrl).origin);
}

/**
 * Whether the Host header names us. Without tokens only this keeps a page of another site from reaching a
 * loopback server under a name of its own that it lets resolve to 127.0.0.1 (DNS rebinding); an address in digits
 * cannot be such a name.
 */
export function isOurHost(host: string | undefined, names: readonly string[]): boolean {
  if (host === undefined) return false;
  const name = host.replace(/:\d{1,5}$/, "").toLowerCase();
  return (
    name === "localhost" ||
    name.endsWith(".localhost") ||
    isIP(name.replace(/^\[|\]$/g, "")) !== 0 ||
    names.includes(name)
  );
}

/** The client's address, and whether it came by https; set by the front door, whatever came in by these names. */
export const CLIENT_ADDRESS = "x-flowtap-client";
export const CLIENT_SCHEME = "x-flowtap-scheme";
/**
 * On a request for a whole page, as opposed to the parts that going from page to page asks for; set by the
 * front door likewise.
 */
export const DOCUMENT = "x-flowtap-document";
