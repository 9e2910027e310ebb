/** Node's TLS options from a `tls` block, and TLS faults described in the words of that block. */
import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import type { TlsConfig } from "./cluster.ts";

export type TlsOptions = Pick<ConnectionOptions, "ca" | "cert" | "key" | "rejectUnauthorized" | "servername">;

/**
 * Reads the files the block names; throws when one cannot be read, which reading the configuration has listed before.
 */
export function tlsOptions(tls: TlsConfig): TlsOptions {
  const read = (file: string | undefined) => (file === undefined ? undefined : readFileSync(file, "utf8"));
  return {
    ca: read(tls.caFile),
    cert: read(tls.certFile),
    key: read(tls.keyFile),
    rejectUnauthorized: tls.verify,
    ...(tls.serverName !== undefined && { servername: tls.serverName }),
  };
}

const UNKNOWN_AUTHORITY: ReadonlySet<string> = new Set([
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_UNTRUSTED",
]);

/**
 * What a fault of TLS with `peer` ("the broker") is and what to do about it in the block `tls` of the configuration;
 * null: it is none.
 */
export function describeTlsFault(code: string, message: string, peer: string, tls = "tls"): string | null {
  if (UNKNOWN_AUTHORITY.has(code)) {
    const fault = `${peer}'s certificate is signed by an authority that is not trusted here`;
    return `${fault}; name that authority's certificate in ${tls}.caFile`;
  }
  if (code === "CERT_HAS_EXPIRED") return `${peer}'s certificate has expired; it must be renewed there`;
  if (code === "CERT_NOT_YET_VALID") return `${peer}'s certificate is not valid yet; compare the clocks`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const fault = `${peer}'s certificate is for another name (${message.replace(/^.*altnames: /, "")})`;
    return `${fault}; connect by a name it holds, or set ${tls}.serverName to one`;
  }
  if (/ALERT_.*CERTIFICATE|ALERT_UNKNOWN_CA/.test(code))
    return `${peer} does not accept the client certificate, or misses one; check ${tls}.certFile and ${tls}.keyFile`;
  if (
    code === "ERR_SSL_WRONG_VERSION_NUMBER" ||
    message.includes("before secure TLS connection was established") ||
    message.includes("does not support SSL")
  )
    return `${peer} does not speak TLS at this address; name its TLS port, or take ${tls} away`;
  if (code.startsWith("ERR_OSSL_")) return `the files of ${tls} cannot be used (${message})`;
  return null;
}
