/**
 * What the web process holds, opened once by main.ts. Next loads routes and pages in bundles of their own, so it is
 * found through the global object.
 */
import type { CommandDeps } from "#lib/commands/deps.ts";
import type { FlowtapConfig } from "#lib/config/schema.ts";
import type { QueryDeps } from "#lib/queries/deps.ts";
import type { Database } from "#lib/store/db/database.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import type { Access } from "./access.ts";
import type { AttemptLimit } from "./attempt-limit.ts";
import type { Layouts } from "./layouts.ts";
import type { LiveFeed } from "./live-feed.ts";
import type { WebMetrics } from "./metrics.ts";
import type { StreamLimit } from "./stream-limit.ts";
import type { WrongTokens } from "./wrong-tokens.ts";
import type { RoutePattern } from "./route-pattern.ts";

export interface Container {
  readonly config: FlowtapConfig;
  readonly database: Database;
  readonly queries: QueryDeps;
  readonly commands: CommandDeps;
  readonly access: Access;
  readonly signIns: AttemptLimit;
  readonly wrongTokens: WrongTokens;
  readonly liveFeed: LiveFeed;
  readonly streams: StreamLimit;
  readonly layouts: Layouts;
  readonly metrics: WebMetrics;
  readonly log: Logger;
  readonly version: string;
  /** the example system's fault switch; null outside the demo */
  readonly demoControlUrl: string | null;
  /** answers a request of the API */
  serve(route: RoutePattern, request: Request): Promise<Response>;
}

const SLOT = Symbol.for("flowtap.web.container");
const global = globalThis as { [SLOT]?: Container };

export function setContainer(container: Container): void {
  global[SLOT] = container;
}

export function container(): Container {
  const found = global[SLOT];
  if (found === undefined)
    throw new Error(
      "Flowtap's web process was not started through lib/web/main.ts (`npm start`, or `npm start -- --dev`)",
    );
  return found;
}
