/**
 * Who is asking. Tokens come from the configuration; a signed cookie stands for one after sign-in, so no server
 * keeps sessions.
 */
import { createHash, createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import type { AccessToken } from "#lib/config/schema.ts";
import type { Role } from "#lib/contracts/session.ts";
import type { z } from "zod";

export interface Identity {
  readonly name: string;
  readonly role: Role;
  readonly demo: boolean;
}

export interface Access {
  /**
   * open: everyone is the demo's operator; tokens: a token is needed; closed: no token is configured, nobody gets in
   */
  readonly mode: "open" | "tokens" | "closed";
  /** from `Authorization: Bearer` or the session cookie */
  identify(headers: { readonly authorization: string | null; readonly cookie: string | null }): Identity | null;
  /** the Set-Cookie value of a new session; null: no such token */
  signIn(token: string, overHttps: boolean): { readonly identity: Identity; readonly setCookie: string } | null;
  readonly signOutCookie: string;
}

export interface AccessOptions {
  readonly tokens: readonly z.output<typeof AccessToken>[];
  readonly demo: boolean;
  readonly now: () => number;
  /** the path that Flowtap is served under; "" at the root */
  readonly basePath: string;
}

const COOKIE = "flowtap_session";
const SESSION_MS = 7 * 86_400_000;
const DEMO_OPERATOR: Identity = { name: "demo", role: "operator", demo: true };
const ROLE_RANK: Readonly<Record<Role, number>> = { viewer: 0, operator: 1 };

export const mayActAs = (identity: Identity, role: Role): boolean => ROLE_RANK[identity.role] >= ROLE_RANK[role];

export function openAccess({ tokens, demo, now, basePath }: AccessOptions): Access {
  const holders = tokens.map(({ name, role, token }) => ({
    identity: { name, role, demo: false },
    digest: sha256(token),
    key: sessionKey(token, name),
  }));
  const attributes = `; Path=${basePath || "/"}; HttpOnly; SameSite=Strict`;

  /** Compares with every holder even after a match, so that the time it takes reveals nothing. */
  const holderOf = (token: string) => {
    const digest = sha256(token);
    let found: (typeof holders)[number] | null = null;
    for (const holder of holders) if (timingSafeEqual(holder.digest, digest)) found = holder;
    return found;
  };
  const fromSession = (value: string): Identity | null => {
    const [version, expires, mac, ...rest] = value.split(".");
    if (version !== "1" || expires === undefined || mac === undefined || rest.length > 0 || !/^\d{1,15}$/.test(expires))
      return null;
    const given = Buffer.from(mac, "base64url");
    let found: Identity | null = null;
    for (const holder of holders) {
      const expected = macOf(holder.key, expires);
      if (given.length === expected.length && timingSafeEqual(given, expected)) found = holder.identity;
    }
    return found !== null && Number(expires) > now() ? found : null;
  };

  return {
    mode: demo ? "open" : tokens.length === 0 ? "closed" : "tokens",
    identify: ({ authorization, cookie }) => {
      if (demo) return DEMO_OPERATOR;
      const bearer = /^Bearer ([\x21-\x7e]{1,500})$/i.exec(authorization ?? "")?.[1];
      if (bearer !== undefined) return holderOf(bearer)?.identity ?? null;
      const session = cookieOf(cookie ?? "");
      return session === null ? null : fromSession(session);
    },
    signIn: (token, overHttps) => {
      const holder = holderOf(token);
      if (holder === null) return null;
      const expires = String(now() + SESSION_MS);
      const mac = macOf(holder.key, expires).toString("base64url");
      return {
        identity: holder.identity,
        setCookie:
          `${COOKIE}=1.${expires}.${mac}; Max-Age=${SESSION_MS / 1000}${attributes}` + (overHttps ? "; Secure" : ""),
      };
    },
    signOutCookie: `${COOKIE}=; Max-Age=0${attributes}`,
  };
}

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();
/** One key per token: taking a token out of the configuration ends its sessions and no others. */
const sessionKey = (token: string, name: string): Buffer =>
  Buffer.from(hkdfSync("sha256", token, "flowtap-session", name, 32));
const macOf = (key: Buffer, expires: string): Buffer => createHmac("sha256", key).update(`1.${expires}`).digest();

function cookieOf(header: string): string | null {
  for (const part of header.slice(0, 8192).split(";")) {
    const [name, value] = part.trim().split("=", 2);
    if (name === COOKIE && value !== undefined && value.length < 200) return value;
  }
  return null;
}
