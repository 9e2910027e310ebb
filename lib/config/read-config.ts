import { readFileSync } from "node:fs";
import type { z } from "zod";
import { parse as parseYaml, YAMLParseError } from "yaml";
import { err, ok, type Result } from "#lib/domain/result.ts";
import { readJsonSchema } from "./json-schema.ts";
import { DatabaseConfig, FlowtapConfig } from "./schema.ts";
import { type TlsConfig } from "./cluster.ts";

export interface ConfigFault {
  /** where in the file or which variable */
  readonly at: string;
  readonly message: string;
}

type Env = Readonly<Record<string, string | undefined>>;

const DEFAULT_FILE = "flowtap.yaml";

/**
 * Reads the configuration once: the YAML file that FLOWTAP_CONFIG names (default ./flowtap.yaml), `${NAME}` replaced
 * from the environment, then DATABASE_URL and the addresses to listen at over it; KAFKA_BROKERS alone is enough
 * when there is no file. Lists every fault, not only the first.
 */
export function readConfig(env: Env): Result<FlowtapConfig, ConfigFault[]> {
  const faults: ConfigFault[] = [];
  const document = withEnvironment(expandSecrets(readFile(env, faults), env, "", faults), env);
  if (faults.length > 0) return err(faults);
  return parsed(FlowtapConfig, document, "", ({ clusters, database, alerts, schemas }) => [
    ...clusters.flatMap(({ tls }, i) => unreadableFiles(tls, `clusters.${i}.tls`)),
    ...unreadableFiles(database.tls, "database.tls"),
    ...alerts.channels.flatMap((channel, i) =>
      channel.kind === "email" ? unreadableFiles(channel.smtp, `alerts.channels.${i}.smtp`) : [],
    ),
    ...schemas.flatMap(({ file }, i) => {
      const read = readJsonSchema(file);
      return read.ok ? [] : [{ at: `schemas.${i}.file`, message: read.error }];
    }),
  ]);
}

/** What the same file and environment say of the database, for those who need nothing else of them. */
export function readDatabaseConfig(env: Env): Result<DatabaseConfig, ConfigFault[]> {
  const faults: ConfigFault[] = [];
  const { database } = readFile(env, faults);
  const document = withEnvironment(expandSecrets({ database }, env, "", faults), env);
  if (faults.length > 0) return err(faults);
  return parsed(DatabaseConfig, document["database"], "database", ({ tls }) => unreadableFiles(tls, "database.tls"));
}

function parsed<S extends z.ZodType>(
  schema: S,
  document: unknown,
  at: string,
  alsoWrong: (config: z.output<S>) => ConfigFault[],
): Result<z.output<S>, ConfigFault[]> {
  const { success, data, error } = schema.safeParse(document);
  const faults = success
    ? alsoWrong(data)
    : error.issues
        .map((issue) => [[at, ...issue.path].filter((step) => step !== "").join("."), issue.message] as const)
        .map(([path, message]) => ({ at: path || "the file", message: sayWhatToDo(path, message) }));
  return success && faults.length === 0 ? ok(data) : err(faults);
}

function unreadableFiles(tls: Partial<TlsConfig> | undefined, at: string): ConfigFault[] {
  return (["caFile", "certFile", "keyFile"] as const).flatMap((name) => {
    const file = tls?.[name];
    if (file === undefined) return [];
    try {
      readFileSync(file);
      return [];
    } catch (error) {
      return [
        {
          at: `${at}.${name}`,
          message: `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
        },
      ];
    }
  });
}

/** One line per fault, ready for the terminal. */
export function describeFaults(faults: readonly ConfigFault[]): string {
  return ["The configuration cannot be used:", ...faults.map((fault) => `  ${fault.at}: ${fault.message}`)].join("\n");
}

function readFile(env: Env, faults: ConfigFault[]): Record<string, unknown> {
  const file = env["FLOWTAP_CONFIG"] ?? DEFAULT_FILE;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (env["FLOWTAP_CONFIG"] === undefined && (error as NodeJS.ErrnoException).code === "ENOENT") return {};
    faults.push({
      at: file,
      message: `cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}); FLOWTAP_CONFIG names it`,
    });
    return {};
  }
  try {
    const document: unknown = parseYaml(text, { maxAliasCount: 0 });
    if (document !== null && typeof document === "object" && !Array.isArray(document))
      return document as Record<string, unknown>;
    faults.push({ at: file, message: "must be a YAML mapping such as `clusters: …`" });
  } catch (error) {
    faults.push({ at: file, message: error instanceof YAMLParseError ? error.message : String(error) });
  }
  return {};
}

/** Secrets stand in the environment, not in the file: `${NAME}` inside any text is replaced. */
function expandSecrets(value: unknown, env: Env, at: string, faults: ConfigFault[]): unknown {
  if (typeof value === "string") {
    return value.replace(/\$\{([A-Za-z_]\w*)\}/g, (_whole, variable: string) => {
      const found = env[variable];
      if (found === undefined)
        faults.push({ at, message: `refers to the environment variable ${variable}, which is not set` });
      return found ?? "";
    });
  }
  if (Array.isArray(value)) return value.map((item, i) => expandSecrets(item, env, `${at}.${i}`, faults));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, expandSecrets(inner, env, at ? `${at}.${key}` : key, faults)]),
    );
  }
  return value;
}

function withEnvironment(document: unknown, env: Env): Record<string, unknown> {
  const result = { ...(document as Record<string, unknown>) };
  if (env["DATABASE_URL"])
    result["database"] = { ...(result["database"] as object | undefined), url: env["DATABASE_URL"] };
  const web: Record<string, unknown> = { ...(result["web"] as object | undefined) };
  if (env["FLOWTAP_WEB_HOST"]) web["host"] = env["FLOWTAP_WEB_HOST"];
  if (env["FLOWTAP_WEB_PORT"]) web["port"] = Number(env["FLOWTAP_WEB_PORT"]);
  result["web"] = web;
  const tap: Record<string, unknown> = { ...(result["tap"] as object | undefined) };
  if (env["FLOWTAP_TAP_METRICS_HOST"]) tap["metricsHost"] = env["FLOWTAP_TAP_METRICS_HOST"];
  if (env["FLOWTAP_TAP_METRICS_PORT"]) tap["metricsPort"] = Number(env["FLOWTAP_TAP_METRICS_PORT"]);
  result["tap"] = tap;
  if (result["clusters"] === undefined && env["KAFKA_BROKERS"]) {
    result["clusters"] = [{ name: "kafka", brokers: env["KAFKA_BROKERS"].split(",").map((broker) => broker.trim()) }];
  }
  return result;
}

function sayWhatToDo(path: string, message: string): string {
  if (path === "database" || path === "database.url")
    return `${message}; set DATABASE_URL or database.url to where Postgres is`;
  if (path === "clusters") return `${message}; name at least one cluster, or set KAFKA_BROKERS`;
  return message;
}
