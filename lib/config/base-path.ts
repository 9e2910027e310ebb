const PATH = /^(?:\/[\w.~-]+)+$/;

/**
 * The path of the public address, without a slash at its end; "" at the root. Null: one that no page can be built for,
 * as it has other characters than letters, digits and `-._~`.
 */
export function basePathOf(publicUrl: string | undefined): string | null {
  const path = publicUrl === undefined ? "" : new URL(publicUrl).pathname.replace(/\/+$/, "");
  return path === "" || PATH.test(path) ? path : null;
}

/** The same of a configuration that was read: its paths can be built for. */
export const servedUnder = ({ publicUrl }: { readonly publicUrl?: string | undefined }): string =>
  basePathOf(publicUrl) ?? "";
