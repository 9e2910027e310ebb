/** The certificate and key with which a Postgres accepts TLS connections, as files in its data folder. */
import fs from "node:fs/promises";
import path from "node:path";
import type { PostgresHome } from "./postgres-home.ts";
import type { PostgresOptions } from "./postgres-options.ts";

/** Writes certificate and key; Postgres accepts a key only if no other user can read it. */
export async function writeIdentity(
  { dataDir, user }: PostgresHome,
  identity: NonNullable<PostgresOptions["identity"]>,
): Promise<Record<string, string>> {
  const files = { ssl_cert_file: path.join(dataDir, "server.crt"), ssl_key_file: path.join(dataDir, "server.key") };
  for (const [file, text] of [
    [files.ssl_cert_file, identity.certificate],
    [files.ssl_key_file, identity.key],
  ] as const) {
    await fs.writeFile(file, text, { mode: 0o600 });
    if (user !== null) await fs.chown(file, user.uid, user.gid);
  }
  return files;
}
