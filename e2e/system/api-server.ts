/** A web server on a small world in Postgres, with a token of each role, and its client. */
import assert from "node:assert/strict";
import type { z } from "zod";
import { prepareFlowtap, type Flowtap } from "../stack/flowtap.ts";
import { startPostgres } from "../stack/stack.ts";
import { fillWorld } from "./api-world.ts";

export const OPERATOR = "operator-token-0123456789";
export const VIEWER = "viewer-token-0123456789";
const NO_BROKER = "127.0.0.1:9";
const ALERTS = {
  channels: [
    { name: "hook", kind: "webhook", url: "https://hooks.example/T0/secret-path", secret: "s3cret" },
    { name: "pager", kind: "pagerduty", routingKey: "s3cret" },
  ],
  rules: [{ name: "stuck", severity: "critical", when: { verdict: ["stalled"] }, channels: ["hook", "pager"] }],
};

type Init = RequestInit & { readonly token?: string | null };

export interface Api {
  /** when the world was filled; its latest events happened just before */
  readonly filledAtMs: number;
  readonly postgres: Awaited<ReturnType<typeof startPostgres>>;
  readonly url: string;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** as the viewer, unless a token (or null for none) is given */
  readonly ask: (path: string, init?: Init) => Promise<Response>;
  /** posts JSON as the operator */
  readonly write: (path: string, body: unknown, init?: Init) => Promise<Response>;
  /** what the viewer gets, which is what the contract says */
  readonly get: <S extends z.ZodType>(path: string, schema: S) => Promise<z.output<S>>;
}

/** Nothing runs before `start`. */
export function openApi(): Api {
  let postgres: Awaited<ReturnType<typeof startPostgres>> | undefined;
  let flowtap: Flowtap | undefined;
  let url = "";
  let filledAtMs = 0;

  const ask: Api["ask"] = (path, init = {}) => {
    const { token = VIEWER, ...rest } = init;
    return fetch(`${url}${path}`, {
      redirect: "manual",
      ...rest,
      headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...rest.headers },
    });
  };
  return {
    get filledAtMs() {
      return filledAtMs;
    },
    get postgres() {
      assert.ok(postgres, "started");
      return postgres;
    },
    get url() {
      return url;
    },
    start: async () => {
      postgres = await startPostgres();
      const tokens = [
        { name: "ops", role: "operator", token: OPERATOR },
        { name: "team", role: "viewer", token: VIEWER },
      ];
      flowtap = await prepareFlowtap({
        databaseUrl: postgres.url,
        brokers: [NO_BROKER],
        open: false,
        config: { access: { tokens }, alerts: ALERTS },
      });
      filledAtMs = Date.now();
      await fillWorld(postgres.url, filledAtMs);
      ({ url } = await flowtap.startWeb());
    },
    stop: async () => {
      await flowtap?.stop();
      await postgres?.stop();
    },
    ask,
    write: (path, body, init = {}) =>
      ask(path, {
        method: "POST",
        token: OPERATOR,
        ...init,
        body: JSON.stringify(body),
        headers: { "content-type": "application/json", ...init.headers },
      }),
    get: async (path, schema) => {
      const response = await ask(path);
      assert.equal(response.status, 200, `${path}: ${await response.clone().text()}`);
      return schema.parse(await response.json());
    },
  };
}
