/**
 * Prisma's own schema engine, from its WebAssembly build on npm. The native engine is a download that closed networks
 * refuse; this one needs none, speaks through the same driver adapter as the client, and keeps `_prisma_migrations`, so
 * Prisma's CLI agrees with it.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import pg from "pg";
import type { SchemaEngine } from "@prisma/schema-engine-wasm";
import type { DatabaseConfig } from "#lib/config/schema.ts";
import { connectionOf } from "../db/connection.ts";
import { describeDatabaseFault } from "../db/database-faults.ts";
import { openCatalogAdapter } from "./catalog-adapter.ts";
import { schemaPath, readMigrations } from "./schema-files.ts";

interface EngineModule {
  SchemaEngine: {
    new: (
      options: { datamodels: [string, string][] },
      log: (line: string) => void,
      adapter: object,
    ) => Promise<SchemaEngine>;
  };
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
}

let loaded: Promise<EngineModule> | undefined;

async function loadEngine(): Promise<EngineModule> {
  // Where the engine leaves the text of a Rust panic; without it a panic hides behind a TypeError.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => console.error(message) },
  });
  const require = createRequire(import.meta.url);
  const dir = path.dirname(require.resolve("@prisma/schema-engine-wasm"));
  // The package's entry expects a bundler that imports .wasm; we instantiate it ourselves.
  const engine = (await import(pathToFileURL(path.join(dir, "schema_engine_bg.js")).href)) as EngineModule &
    WebAssembly.ModuleImports;
  const { instance } = await WebAssembly.instantiate(await readFile(path.join(dir, "schema_engine_bg.wasm")), {
    "./schema_engine_bg.js": withIdleTimers(engine),
  });
  engine.__wbg_set_wasm(instance.exports);
  (instance.exports["__wbindgen_start"] as () => void)();
  return engine;
}

/**
 * The engine gives its lock on the database ten seconds and never takes that timer back: it must not keep a
 * process that is done.
 */
function withIdleTimers(imports: WebAssembly.ModuleImports): WebAssembly.ModuleImports {
  const idle =
    (start: (...args: unknown[]) => NodeJS.Timeout) =>
    (...args: unknown[]) =>
      start(...args).unref();
  return Object.fromEntries(
    Object.entries(imports).map(([name, value]) => [
      name,
      name.startsWith("__wbg_setTimeout_") ? idle(value as (...args: unknown[]) => NodeJS.Timeout) : value,
    ]),
  );
}

/** Runs `work` with an engine connected to the database; every connection is closed afterwards. */
async function withEngine<T>(database: DatabaseConfig, work: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  const { SchemaEngine } = await (loaded ??= loadEngine());
  const pool = new pg.Pool({ ...connectionOf(database), max: 4 });
  // A connection that breaks while the pool ends must not end the process.
  pool.on("error", () => undefined);
  try {
    // The engine tells of a broken connection in words of its own that leave the reason's code out.
    await pool.query("SELECT 1").catch((error: unknown) => {
      if (describeDatabaseFault(error) !== null) throw error;
    });
    const adapter = bindMigrationAwareSqlAdapterFactory(openCatalogAdapter(pool));
    const engine = await SchemaEngine.new(
      { datamodels: [[schemaPath, await readFile(schemaPath, "utf8")]] },
      () => undefined,
      adapter,
    );
    try {
      return await work(engine);
    } finally {
      engine.free();
    }
  } finally {
    await pool.end();
  }
}

/**
 * Applies the migrations the database has not seen and returns their names. Throws with the engine's own words
 * when one fails.
 */
export function applyMigrations(database: string | DatabaseConfig): Promise<string[]> {
  return withEngine(typeof database === "string" ? { url: database } : database, async (engine) => {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: await readMigrations(),
      filters: { externalTables: [], externalEnums: [] },
    });
    return appliedMigrationNames;
  });
}

/** The SQL that would bring the migrated database to `schema.prisma`; empty when the two agree. */
export function pendingSchemaChanges(databaseUrl: string): Promise<string> {
  return withEngine({ url: databaseUrl }, async (engine) => {
    const files = [{ path: schemaPath, content: await readFile(schemaPath, "utf8") }];
    const diff = await engine.diff({
      // The live database is the one behind the adapter; the files only say which schema to look at.
      from: { tag: "schemaDatasource", files, configDir: path.dirname(schemaPath) },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    const script = diff.stdout ?? "";
    return /^\s*(--.*\s*)*$/.test(script) ? "" : script;
  });
}
