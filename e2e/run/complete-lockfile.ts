/**
 * `npm run lock:complete`, after any `npm install` that changed the lockfile: adds the optional packages of other
 * platforms that npm left out because the registry it asked did not have them. `npm ci` refuses a lockfile without
 * them, on every platform.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

export interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

const OS: Readonly<Record<string, string>> = {
  darwin: "darwin",
  linux: "linux",
  win32: "win32",
  windows: "win32",
  android: "android",
  freebsd: "freebsd",
  openharmony: "openharmony",
};
const CPU = new Set(["arm64", "x64", "ia32", "arm", "ppc64", "riscv64", "s390x", "wasm32"]);
const EXACT = /^\d+\.\d+\.\d+/;

/**
 * The entries that the lockfile lacks, by their path. Only optional dependencies of an exact version can be completed;
 * those are what platforms use.
 */
export function missingEntries({ packages }: Lockfile): ReadonlyMap<string, LockedPackage> {
  const missing = new Map<string, LockedPackage>();
  for (const [parent, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const hoisted = `node_modules/${name}`;
      if (!EXACT.test(version) || hoisted in packages || `${parent}/node_modules/${name}` in packages) continue;
      const words = name.split(/[-/@]/);
      const os = words.map((word) => OS[word]).find((found) => found !== undefined);
      const cpu = words.find((word) => CPU.has(word));
      missing.set(hoisted, {
        version,
        ...(cpu !== undefined && { cpu: [cpu] }),
        ...(dev === true && { dev }),
        optional: true,
        ...(os !== undefined && { os: [os] }),
      });
    }
  }
  return missing;
}

if (process.argv[1] === import.meta.filename) {
  const file = path.resolve(import.meta.dirname, "../../package-lock.json");
  const lock = JSON.parse(readFileSync(file, "utf8")) as Lockfile;
  const missing = missingEntries(lock);
  const packages = Object.fromEntries(
    [...Object.entries(lock.packages), ...missing].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  writeFileSync(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
  console.log(missing.size === 0 ? "The lockfile is complete." : `Added ${[...missing.keys()].join(", ")}.`);
}
