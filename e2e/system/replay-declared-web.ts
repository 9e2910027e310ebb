/** The web over a replay world, with what its configuration declares for replays. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { RedrivePlanInput } from "#lib/contracts/replay-input.ts";
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";
import { ReplayView } from "#lib/contracts/replays.ts";
import { prepareFlowtap } from "#e2e/stack/flowtap.ts";
import { openWorld, type World } from "./replay-world.ts";

export const PRICED = fileURLToPath(new URL("./priced.schema.json", import.meta.url));

export interface DeclaredWeb {
  readonly world: World;
  /** With a body it posts; with null it deletes. */
  readonly ask: (path: string, body?: object | null) => Promise<Response>;
  readonly plan: (input: RedrivePlanInput) => Promise<{ readonly id: number; readonly preview: RedrivePreview }>;
  stop(): Promise<void>;
}

export async function openDeclaredWeb(): Promise<DeclaredWeb> {
  const world = await openWorld();
  const flowtap = await prepareFlowtap({
    databaseUrl: world.databaseUrl,
    brokers: world.cluster.brokers,
    cluster: { name: "kafka" },
    config: { replay: { idempotentGroups: ["analytics", "audit-*"] }, schemas: [{ topic: "priced", file: PRICED }] },
  });
  const { url } = await flowtap.startWeb();

  async function ask(path: string, body?: object | null): Promise<Response> {
    const headers = { "content-type": "application/json", "sec-fetch-site": "same-origin" };
    return fetch(
      `${url}${path}`,
      body === undefined
        ? {}
        : body === null
          ? { method: "DELETE", headers }
          : { method: "POST", headers, body: JSON.stringify(body) },
    );
  }
  async function plan(input: RedrivePlanInput) {
    const response = await ask("/api/replays", input);
    const view = ReplayView.parse(await response.json());
    assert.ok(view.preview.kind === "redrive");
    return { id: view.row.id, preview: view.preview };
  }

  return {
    world,
    ask,
    plan,
    stop: async () => {
      await flowtap.stop();
      await world.stop();
    },
  };
}
