import { checkServerIdentity } from "node:tls";
import type pg from "pg";
import type { DatabaseConfig } from "#lib/config/schema.ts";
import { tlsOptions } from "#lib/config/tls-files.ts";

/** Where Postgres is and how the way there is guarded, for everyone who opens a connection. */
export function connectionOf({ url, tls }: DatabaseConfig): pg.ClientConfig {
  if (tls === undefined) return { connectionString: url };
  const { serverName } = tls;
  // pg asks for the host it connects to, whatever name it is given; the certificate is held against the one that
  // was configured.
  return {
    connectionString: url,
    ssl: {
      ...tlsOptions(tls),
      ...(serverName !== undefined && {
        checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
      }),
    },
  };
}
