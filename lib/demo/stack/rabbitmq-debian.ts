/**
 * RabbitMQ out of Debian's packages, unpacked into a folder of this checkout: nothing is installed. Its Erlang may need
 * a newer C library than this machine has, which comes along.
 */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import fs from "node:fs/promises";
import { arch, userInfo } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { exists } from "./exists.ts";

const run = promisify(execFile);
const SUITE = "trixie";
const ERLANG = [
  ...["base", "asn1", "crypto", "eldap", "inets", "mnesia", "os-mon", "parsetools", "public-key", "runtime-tools"],
  ...["ssl", "syntax-tools", "tools", "xmerl"],
];
const LIBRARIES = [
  ...["libc6", "libgcc-s1", "libstdc++6", "libtinfo6", "zlib1g", "libsctp1", "libcap2", "libzstd1"],
  ...["libssl3t64", "libsystemd0"],
];
const PACKAGES = ["rabbitmq-server", ...ERLANG.map((name) => `erlang-${name}`), ...LIBRARIES];
const FETCH_TIMEOUT_MS = 300_000;

export const RABBITMQ_DIR = path.resolve(import.meta.dirname, "../../../.flowtap/rabbitmq");

export const hasRabbit = (): Promise<boolean> => exists(RABBITMQ_DIR);

/** Whether this machine can unpack Debian's packages, and has been told where they are. */
export async function canUnpackRabbit(): Promise<boolean> {
  if (process.platform !== "linux" || arch() !== "x64" || (await debianMirror()) === null) return false;
  return run("sh", ["-c", "command -v apt-get && command -v dpkg-deb"]).then(
    () => true,
    () => false,
  );
}

/** The server's own folder. */
export async function serverDir(): Promise<string> {
  const releases = path.join(RABBITMQ_DIR, "usr/lib/rabbitmq/lib");
  const [release] = (await fs.readdir(releases)).filter((name) => name.startsWith("rabbitmq_server-"));
  if (release === undefined) throw new Error(`there is no RabbitMQ in ${releases}`);
  return path.join(releases, release);
}

/** Throws an Error with what apt-get or dpkg-deb said. */
export async function unpackRabbit(): Promise<void> {
  // Two may unpack at the same time, so each has a folder of its own until it is complete.
  const unfinished = `${RABBITMQ_DIR}.${randomUUID()}`;
  try {
    await fetchPackages(unfinished);
    // Scripts name the folder they lie in, which is not the last one yet.
    await adaptErlang(unfinished, RABBITMQ_DIR);
    await fs.rename(unfinished, RABBITMQ_DIR);
  } catch (error) {
    await fs.rm(unfinished, { recursive: true, force: true });
    if (!(await hasRabbit())) throw error;
  }
}

async function debianMirror(): Promise<string | null> {
  const folder = "/etc/apt/sources.list.d";
  const more = await fs.readdir(folder).catch(() => []);
  for (const file of ["/etc/apt/sources.list", ...more.map((name) => path.join(folder, name))]) {
    const text = await fs.readFile(file, "utf8").catch(() => "");
    const lines = text.split("\n").filter((line) => !line.trimStart().startsWith("#"));
    const mirror = /https?:\/\/\S+?\/debian\/?(?=\s|$)/m.exec(lines.join("\n"))?.[0];
    if (mirror !== undefined) return mirror;
  }
  return null;
}

async function fetchPackages(dir: string): Promise<void> {
  const work = path.join(dir, ".apt");
  for (const folder of ["lists/partial", "cache/archives/partial", "debs"])
    await fs.mkdir(path.join(work, folder), { recursive: true });
  const keys = (await fs.readdir("/usr/share/keyrings")).find((name) => name.startsWith("debian-archive-keyring."));
  const list = path.join(work, "sources.list");
  await fs.writeFile(list, `deb [signed-by=/usr/share/keyrings/${keys}] ${await debianMirror()} ${SUITE} main\n`);
  const options = [
    `Dir::Etc::sourcelist=${list}`,
    "Dir::Etc::sourceparts=/dev/null",
    `Dir::State::lists=${work}/lists`,
    `Dir::Cache=${work}/cache`,
    "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
    "Acquire::Languages=none",
    `APT::Sandbox::User=${userInfo().username}`,
    "Debug::NoLocking=1",
  ].flatMap((option) => ["-o", option]);
  const debs = path.join(work, "debs");
  const apt = (...args: string[]) => run("apt-get", [...options, ...args], { cwd: debs, timeout: FETCH_TIMEOUT_MS });
  await apt("update", "-qq");
  await apt("download", "-qq", ...PACKAGES.map((name) => `${name}/${SUITE}`));
  for (const deb of await fs.readdir(debs)) await run("dpkg-deb", ["-x", path.join(debs, deb), dir]);
  await fs.rm(work, { recursive: true, force: true });
}

async function adaptErlang(dir: string, target: string): Promise<void> {
  const erlang = path.join(dir, "usr/lib/erlang");
  const erts = (await fs.readdir(erlang)).find((name) => name.startsWith("erts-")) ?? "";
  for (const script of ["bin/erl", "bin/start", `${erts}/bin/erl`, `${erts}/bin/start`]) {
    const file = path.join(erlang, script);
    const text = await fs.readFile(file, "utf8").catch(() => null);
    if (text !== null && !text.startsWith("\x7fELF"))
      await fs.writeFile(file, text.replaceAll("/usr/lib/erlang", path.join(target, "usr/lib/erlang")));
  }
  for (const folder of [`${erts}/bin`, "bin", "lib"]) await startByOwnLoader(path.join(erlang, folder), dir, target);
}

/** Each program is started by the dynamic loader that came along, with the libraries that came along. */
async function startByOwnLoader(folder: string, dir: string, target: string): Promise<void> {
  const libraries = path.join(target, "usr/lib/x86_64-linux-gnu");
  const loader = path.join(libraries, "ld-linux-x86-64.so.2");
  for (const entry of await fs.readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/(^|\/)bin(\/|$)/.test(entry.parentPath.slice(dir.length))) continue;
    const file = path.join(entry.parentPath, entry.name);
    const handle = await fs.open(file);
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    await handle.close();
    if (buffer.toString("latin1") !== "\x7fELF") continue;
    const real = path.join(entry.parentPath, "real", entry.name);
    await fs.mkdir(path.dirname(real), { recursive: true });
    await fs.rename(file, real);
    const inTarget = path.join(target, real.slice(dir.length));
    await fs.writeFile(
      file,
      `#!/bin/sh\nexec "${loader}" --argv0 "$0" --library-path "${libraries}" "${inTarget}" "$@"\n`,
      { mode: 0o755 },
    );
  }
}
