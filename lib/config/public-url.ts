import type { FlowtapConfig } from "./schema.ts";

/** Where people reach Flowtap, for links that leave it; without a slash at its end. */
export function publicUrlOf({ publicUrl, host, port }: FlowtapConfig["web"]): string {
  if (publicUrl !== undefined) return publicUrl.replace(/\/+$/, "");
  const everywhere = host === "0.0.0.0" || host === "::" || host === "127.0.0.1" || host === "::1";
  return `http://${everywhere ? "localhost" : host.includes(":") ? `[${host}]` : host}:${port}`;
}
