/** `npm run build`: builds the pages, and only when something they are made of has changed. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { basePathOf } from "#lib/config/base-path.ts";
import { readConfig } from "#lib/config/read-config.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const BUILDS = ".next";
const UNFINISHED = `${BUILDS}/unfinished`;
const LOCK = path.join(ROOT, ".flowtap/web-build.lock");
const LOCK_TIMEOUT_MS = 5 * 60_000;
/** Older builds stay a while: a server that runs from one still reads it. */
const KEPT_BUILDS = 6;

const MADE_OF = ["app", "components", "lib", "next.config.mjs", "postcss.config.mjs", "package-lock.json"];
const NOT_PART_OF_PAGES = /^lib\/(?:demo|tap|store\/prisma\/generated)(?:\/|$)|\.test\.tsx?$/;

/** The file that names the build for a path. */
const currentOf = (base: string): string =>
  path.join(ROOT, BUILDS, base === "" ? "current" : `current-${Buffer.from(base).toString("base64url")}`);

/**
 * Where the pages last built for the path `base` are, relative to the repository's root; null: they were never built.
 */
export function builtPages(base: string): string | null {
  const name = readOrNull(currentOf(base));
  return name !== null && existsSync(path.join(ROOT, BUILDS, name)) ? `${BUILDS}/${name}` : null;
}

/** One hash of the path that the pages are for and every file they are made of. */
function sourcesHash(base: string): string {
  const hash = createHash("sha256").update(process.version).update(base);
  const add = (relative: string): void => {
    if (NOT_PART_OF_PAGES.test(relative)) return;
    const absolute = path.join(ROOT, relative);
    if (statSync(absolute).isDirectory()) {
      for (const name of readdirSync(absolute).sort()) add(`${relative}/${name}`);
    } else {
      hash.update(relative).update("\0").update(readFileSync(absolute)).update("\0");
    }
  };
  for (const part of MADE_OF) add(part);
  return hash.digest("hex");
}

/** Two builds at once would write into each other's files; a lock whose owner died is taken over. */
async function withLock<T>(work: () => T): Promise<T> {
  mkdirSync(path.dirname(LOCK), { recursive: true });
  const deadline = Date.now() + LOCK_TIMEOUT_MS;
  for (;;) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (!isAlive(Number(readOrNull(LOCK)))) rmSync(LOCK, { force: true });
      else if (Date.now() > deadline) {
        const running = `another build has been running for ${LOCK_TIMEOUT_MS / 60_000} minutes`;
        throw new Error(`${running}; if it is not, remove ${path.relative(ROOT, LOCK)}`, { cause: error });
      } else await sleep(300);
    }
  }
  try {
    return work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/**
 * Each build has a folder of its own, named by its sources: a running server keeps what it was started with, and going
 * back to earlier sources costs nothing.
 */
function build(): number {
  const base = pathToBuildFor();
  const current = currentOf(base);
  const name = sourcesHash(base).slice(0, 16);
  const folder = path.join(ROOT, BUILDS, name);
  if (existsSync(folder)) {
    console.log("The pages are built already.");
  } else {
    rmSync(path.join(ROOT, UNFINISHED), { recursive: true, force: true });
    const { status } = spawnSync(process.execPath, [path.join(ROOT, "node_modules/next/dist/bin/next"), "build"], {
      cwd: ROOT,
      stdio: "inherit",
      env: {
        ...process.env,
        NODE_ENV: "production",
        NEXT_TELEMETRY_DISABLED: "1",
        FLOWTAP_PAGES_DIR: UNFINISHED,
        NEXT_PUBLIC_FLOWTAP_BASE_PATH: base,
      },
    });
    if (status !== 0) return status ?? 1;
    renameSync(path.join(ROOT, UNFINISHED), folder);
  }
  utimesSync(folder, new Date(), new Date());
  writeFileSync(`${current}.new`, name);
  renameSync(`${current}.new`, current);
  forgetOldBuilds();
  return 0;
}

/** That of the public address in the configuration; where there is none yet, FLOWTAP_PUBLIC_URL names it. */
function pathToBuildFor(): string {
  const config = readConfig(process.env);
  const publicUrl = process.env["FLOWTAP_PUBLIC_URL"] ?? (config.ok ? config.value.web.publicUrl : undefined);
  const base = basePathOf(publicUrl);
  if (base === null) throw new Error(`The pages cannot be built for the path of ${publicUrl}.`);
  return base;
}

function forgetOldBuilds(): void {
  const builds = readdirSync(path.join(ROOT, BUILDS))
    .filter((name) => /^[0-9a-f]{16}$/.test(name))
    .map((name) => path.join(ROOT, BUILDS, name));
  const byAge = builds.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const old of byAge.slice(KEPT_BUILDS)) rmSync(old, { recursive: true, force: true });
}

if (import.meta.main) process.exitCode = await withLock(build);
