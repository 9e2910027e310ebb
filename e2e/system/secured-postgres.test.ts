/**
 * The way to Postgres under TLS: migration, tap and every kind of connection, and what is said when the
 * certificate does not hold.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { stringify } from "yaml";
import { readConfig, readDatabaseConfig } from "#lib/config/read-config.ts";
import type { RunningPostgres } from "#lib/demo/stack/postgres.ts";
import { describeDatabaseFault, isDatabaseUnreachable } from "#lib/store/db/database-faults.ts";
import { openDatabase, type Database } from "#lib/store/db/database.ts";
import { takeLeadership } from "#lib/store/db/leader-lock.ts";
import { openAuthority } from "#e2e/stack/certificates.ts";
import { startPostgres, temporaryFolder } from "#e2e/stack/stack.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const UNKNOWN_AUTHORITY = [
  "Postgres's certificate is signed by an authority that is not trusted here",
  "name that authority's certificate in database.tls.caFile",
].join("; ");

describe("Postgres under TLS", { timeout: 60_000 }, () => {
  let postgres: RunningPostgres;
  let plain: RunningPostgres;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let trusting: { readonly caFile: string };
  let strange: { readonly caFile: string };

  before(async () => {
    const authority = openAuthority("the authority of the tests");
    [postgres, plain, folder] = await Promise.all([
      startPostgres(authority.issue("postgres")),
      startPostgres(),
      temporaryFolder("secured-postgres"),
    ]);
    trusting = { caFile: path.join(folder.dir, "ca.pem") };
    strange = { caFile: path.join(folder.dir, "other-ca.pem") };
    await writeFile(trusting.caFile, authority.certificate);
    await writeFile(strange.caFile, openAuthority("another authority").certificate);
  });
  after(async () => {
    await Promise.allSettled([postgres?.stop(), plain?.stop(), folder?.remove()]);
  });

  /** Runs a part of Flowtap by a YAML file that names the database; answers how it ended and what it said. */
  async function run(script: string, database: object): Promise<{ code: number; output: string }> {
    const config = path.join(folder.dir, "flowtap.yaml");
    await writeFile(config, stringify({ clusters: [{ name: "none", brokers: ["127.0.0.1:9"] }], database }));
    return new Promise((resolve) => {
      const env = { ...process.env, DATABASE_URL: undefined, FLOWTAP_CONFIG: config, NODE_NO_WARNINGS: "1" };
      execFile(process.execPath, [path.join(ROOT, script)], { env, timeout: 20_000 }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), output: stdout + stderr }),
      );
    });
  }

  async function using<T>(
    tls: Parameters<typeof openDatabase>[0]["tls"],
    url: string,
    work: (database: Database) => Promise<T>,
  ): Promise<T> {
    const database = openDatabase({ url, tls });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  }
  const verified = (tls: object) => ({ verify: true, ...tls });
  const faultOf = (tls: object, url: string) =>
    using(verified(tls), url, (database) =>
      database.pool.query("SELECT 1").then(
        () => null,
        (error: unknown) => ({ words: describeDatabaseFault(error), isOutage: isDatabaseUnreachable(error) }),
      ),
    );

  it("migrates and connects in every way there is, each encrypted", async () => {
    assert.deepEqual(await run("lib/store/prisma/migrate.ts", { url: postgres.url, tls: strange }), {
      code: 1,
      output: `The database could not be migrated: ${UNKNOWN_AUTHORITY}\n`,
    });
    assert.match((await run("lib/store/prisma/migrate.ts", { url: postgres.url, tls: trusting })).output, /^Applied /);
    const isEncrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    await using(verified(trusting), postgres.url, async (database) => {
      assert.deepEqual((await database.pool.query(isEncrypted)).rows, [{ ssl: true }]);
      assert.deepEqual(await database.prisma.$queryRawUnsafe(isEncrypted), [{ ssl: true }]);
      const lead = await takeLeadership(database, "inspect", 1);
      assert.deepEqual((await lead?.client.query(isEncrypted))?.rows, [{ ssl: true }]);
      await lead?.release();
    });
    await using({ verify: false }, postgres.url, async ({ pool }) =>
      assert.deepEqual((await pool.query(isEncrypted)).rows, [{ ssl: true }]),
    );
  });

  it("refuses what does not hold, in words, as an outage that may end", async () => {
    const byName = postgres.url.replace("127.0.0.1", "localhost");
    assert.equal(await faultOf(trusting, byName), null);
    assert.deepEqual(await faultOf(strange, postgres.url), {
      words: UNKNOWN_AUTHORITY,
      isOutage: true,
    });
    for (const url of [postgres.url, byName])
      assert.match(
        (await faultOf({ ...trusting, serverName: "db.example.com" }, url))?.words ?? "",
        /^Postgres's certificate is for another name .*localhost.*database\.tls\.serverName/,
      );
    assert.match((await faultOf(trusting, plain.url))?.words ?? "", /^Postgres does not speak TLS at this address/);
  });

  it("does not start a tap on a database it does not trust", async () => {
    const { code, output } = await run("lib/tap/main.ts", { url: postgres.url, tls: strange });
    assert.equal(code, 1);
    assert.match(output, new RegExp(`The tap could not go on: ${UNKNOWN_AUTHORITY.replaceAll(".", "\\.")}`));
  });

  it("lists files that are not there, and two ways of saying the same", async () => {
    const config = path.join(folder.dir, "faulty.yaml");
    const write = (database: object) =>
      writeFile(
        config,
        stringify({ clusters: [{ name: "a", brokers: ["k:1"], tls: { caFile: "/nowhere/ca.pem" } }], database }),
      );
    await write({ url: `${postgres.url}?sslmode=require`, tls: trusting });
    const twice = readConfig({ FLOWTAP_CONFIG: config });
    assert.deepEqual(!twice.ok && twice.error, [
      { at: "database.tls", message: "stands beside ssl settings in the address; say it in one place" },
    ]);
    await write({ url: postgres.url, tls: { keyFile: "/nowhere/key.pem" } });
    const faults = readConfig({ FLOWTAP_CONFIG: config });
    assert.deepEqual(!faults.ok && faults.error.map(({ at }) => at), ["clusters.0.tls.caFile", "database.tls.keyFile"]);
    const alone = readDatabaseConfig({ FLOWTAP_CONFIG: config });
    assert.deepEqual(!alone.ok && alone.error, [
      { at: "database.tls.keyFile", message: "/nowhere/key.pem cannot be read (ENOENT)" },
    ]);
  });
});
