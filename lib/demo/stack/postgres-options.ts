import type { Leash } from "./leash.ts";

export interface PostgresOptions {
  readonly leash: Leash;
  readonly stateDir: string;
  readonly logFile: string;
  readonly preferredPort?: number;
  /** also accept TLS connections, with this certificate and key (PEM) */
  readonly identity?: { readonly certificate: string; readonly key: string };
  readonly note?: (line: string) => void;
}
