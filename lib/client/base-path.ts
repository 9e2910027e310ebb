/**
 * The path that Flowtap is served under, without a slash at its end; "" at the root. Part of the pages as they are
 * built; the web process sets it for what it does itself.
 */
export const basePath = (): string => process.env.NEXT_PUBLIC_FLOWTAP_BASE_PATH ?? "";

/** An address of the API for whatever does not go through Next, which adds the path itself: fetch, streams, links. */
export const onSite = (address: string): string => basePath() + address;

/** The same with this site's origin, to be used elsewhere. */
export const fullUrl = (address: string): string => new URL(onSite(address), globalThis.location.origin).href;
