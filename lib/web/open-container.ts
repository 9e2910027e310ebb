/** Puts the web process together. Opens no connection yet: brokers and database are reached when first asked. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { servedUnder } from "#lib/config/base-path.ts";
import { openBroker } from "#lib/brokers/open.ts";
import type { FlowtapConfig } from "#lib/config/schema.ts";
import { openBodySchemas } from "#lib/decode/body-schemas.ts";
import { compileRules } from "#lib/domain/observe/rules.ts";
import { openDatabase } from "#lib/store/db/database.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { openAccess } from "./access.ts";
import { openAttemptLimit } from "./attempt-limit.ts";
import type { Container } from "./container.ts";
import { openLayouts } from "./layouts.ts";
import { LiveFeed } from "./live-feed.ts";
import { openWebMetrics } from "./metrics.ts";
import { routeOf } from "./route-table.ts";
import { openStreamLimit } from "./stream-limit.ts";
import { withApi } from "./with-api.ts";
import { openWrongTokens } from "./wrong-tokens.ts";

const STATEMENT_TIMEOUT_MS = 5000;
const SIGN_IN_LIMIT = { most: 10, windowMs: 60_000 } as const;

export interface WebSettings {
  /** open to everyone as the demo's operator */
  readonly demo: boolean;
  readonly demoControlUrl: string | null;
}

export function openContainer(
  config: FlowtapConfig,
  { demo, demoControlUrl }: WebSettings,
  log: Logger,
): Container & { close(): Promise<void> } {
  const now = () => Date.now();
  const database = openDatabase({ ...config.database, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  const metrics = openWebMetrics();
  const clusters = new Map(config.clusters.map((cluster) => [cluster.name, cluster]));
  const readers = onDemand((name: string) => of(clusters, name, (cluster) => openBroker(cluster).openReader()));
  const inspectors = onDemand((name: string) => of(clusters, name, (cluster) => openBroker(cluster).openInspector()));
  const version = readVersion();
  const leftOutGroups = [...new Set(config.clusters.flatMap(({ groups }) => groups.exclude))];
  const queries = {
    prisma: database.prisma,
    readerOf: readers.get,
    rules: config.observe,
    leftOutGroups,
    now,
    version,
  };
  const rules = compileRules(config.observe);
  const layouts = openLayouts(log);
  const liveFeed = new LiveFeed({ pool: database.pool, queries, metrics, log });
  const container: Container = {
    config,
    database,
    queries,
    commands: {
      prisma: database.prisma,
      inspectorOf: inspectors.get,
      readerOf: readers.get,
      canReplayOn: (name) => of(clusters, name, openBroker)?.can.replay !== "none",
      brokersOf: (name) => clusters.get(name)?.brokers ?? [],
      declaredSourceOf: (topic) => rules.ofTopic(topic).declared?.source ?? null,
      idempotentGroups: config.replay.idempotentGroups,
      bodySchemas: openBodySchemas(config.schemas, config.observe),
      newToken: randomUUID,
    },
    access: openAccess({
      tokens: config.access.tokens,
      demo,
      now,
      basePath: servedUnder(config.web),
    }),
    signIns: openAttemptLimit({ ...SIGN_IN_LIMIT, now }),
    wrongTokens: openWrongTokens({ count: (way) => metrics.wrongTokens.inc({ way }), log, now }),
    liveFeed,
    streams: openStreamLimit(),
    layouts,
    metrics,
    log,
    version,
    demoControlUrl: demo ? demoControlUrl : null,
    serve: (key, request) => withApi(container, routeOf(key), request),
  };
  return {
    ...container,
    close: async () => {
      await liveFeed.close();
      await layouts.close();
      await Promise.allSettled([...readers.all(), ...inspectors.all()].map((one) => one.close()));
      await database.close();
    },
  };
}

const of = <K, V, R>(map: ReadonlyMap<K, V>, key: K, make: (value: V) => R): R | null => {
  const value = map.get(key);
  return value === undefined ? null : make(value);
};

/** Opens each once, when first asked for. */
function onDemand<T>(open: (name: string) => T | null): { get: (name: string) => T | null; all: () => T[] } {
  const opened = new Map<string, T>();
  return {
    get: (name) => {
      const known = opened.get(name);
      if (known !== undefined) return known;
      const fresh = open(name);
      if (fresh !== null) opened.set(name, fresh);
      return fresh;
    },
    all: () => [...opened.values()],
  };
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return version;
}
