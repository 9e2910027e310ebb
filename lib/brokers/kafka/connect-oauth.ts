/** OAUTHBEARER tokens by the client-credentials grant, kept until shortly before they expire. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { SaslConfig } from "#lib/config/cluster.ts";

export type OauthConfig = Extract<SaslConfig, { mechanism: "oauthbearer" }>;

const TokenResponse = z.object({
  access_token: z.string().min(1).max(65_536),
  expires_in: z.coerce.number().positive().optional(),
});

const REQUEST_TIMEOUT_MS = 10_000;
const RENEW_BEFORE_MS = 30_000;
/** for an endpoint that does not report when its token expires, which RFC 6749 allows */
const LIFETIME_IF_UNTOLD_S = 300;
const ATTEMPTS = 3;

/** Returns a function that resolves to the current token; concurrent calls share one request. */
export function openTokenSource(config: OauthConfig, now: () => number = Date.now): () => Promise<string> {
  let held: { readonly token: string; readonly renewAt: number } | null = null;
  let asking: Promise<string> | null = null;

  const renew = async (): Promise<string> => {
    const answer = await requestToken(config);
    const lifetimeMs = (answer.expires_in ?? LIFETIME_IF_UNTOLD_S) * 1000;
    held = { token: answer.access_token, renewAt: now() + Math.max(lifetimeMs - RENEW_BEFORE_MS, lifetimeMs / 2) };
    return held.token;
  };

  return () => {
    if (held !== null && now() < held.renewAt) return Promise.resolve(held.token);
    asking ??= renew().finally(() => {
      asking = null;
    });
    return asking;
  };
}

/** The endpoint rejects the credentials: a retry would get the same answer, and may lock the account. */
class TokenRefused extends Error {}

async function requestToken(config: OauthConfig): Promise<z.infer<typeof TokenResponse>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await requestOnce(config);
    } catch (error) {
      if (attempt === ATTEMPTS || error instanceof TokenRefused) throw error;
      await sleep(attempt * 500);
    }
  }
}

async function requestOnce(config: OauthConfig): Promise<z.infer<typeof TokenResponse>> {
  // RFC 6749 2.3.1: identifier and secret are form-encoded before they become Basic credentials.
  const credentials = Buffer.from(
    `${encodeURIComponent(config.clientId)}:${encodeURIComponent(config.clientSecret)}`,
  ).toString("base64");
  const response = await ask(config.tokenEndpoint, {
    method: "POST",
    headers: {
      authorization: `Basic ${credentials}`,
      "content-type": "application/x-www-form-urlencoded",
      accept: "application/json",
    },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      ...(config.scope !== undefined && { scope: config.scope }),
    }),
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    redirect: "error",
  });
  if (!response.ok) {
    await response.body?.cancel();
    const message = `the token endpoint answered ${response.status} ${response.statusText}`;
    throw response.status >= 400 && response.status < 429 ? new TokenRefused(message) : new Error(message);
  }
  return TokenResponse.parse(await response.json());
}

async function ask(endpoint: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(endpoint, request);
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const message = reason instanceof Error ? reason.message : String(reason);
    const { origin } = new URL(endpoint);
    throw new Error(`the token endpoint ${origin} cannot be reached (${message})`, { cause: error });
  }
}
