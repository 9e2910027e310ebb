/**
 * Real services in Java, of e2e/apps: their jars brought by Maven once, compiled when their code changes, both kept
 * beside Kafka's jars.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { exists } from "#lib/demo/stack/exists.ts";
import { hasMaven } from "#lib/demo/stack/kafka-libs.ts";
import { openLeash, type LeashedProcess } from "#lib/demo/stack/leash.ts";
import { temporaryFolder } from "./stack.ts";

const run = promisify(execFile);
const APPS = path.resolve(import.meta.dirname, "../apps");
const BUILT = path.resolve(import.meta.dirname, "../../.flowtap/java-apps");
const COPY_DEPENDENCIES = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";
const MAVEN_TIMEOUT_MS = 300_000;
const START_TIMEOUT_MS = 60_000;
const RUN_TIMEOUT_MS = 180_000;

export interface RunningJavaApp {
  readonly url: string;
  readonly logFile: string;
  stop(): Promise<void>;
}

/** Why no app can be built here, in words for a skipped test; null: it can. */
export async function whyNoJavaApps(): Promise<string | null> {
  const javac = await run("javac", ["-version"]).then(
    ({ stdout }) => Number(/javac (\d+)/.exec(stdout)?.[1] ?? 0),
    () => 0,
  );
  if (javac < 17) return "needs a JDK 17 or newer on the path";
  return (await hasMaven()) ? null : "needs Maven on the path";
}

/** Answers once the app says its port: `main` prints "port N" when its consumers are connected. */
export async function startJavaApp(name: string, main: string, args: readonly string[]): Promise<RunningJavaApp> {
  const classPath = await build(name);
  const leash = openLeash();
  const folder = await temporaryFolder(name);
  const logFile = path.join(folder.dir, `${name}.log`);
  const stop = async () => {
    await leash.close();
    await folder.remove();
  };
  try {
    const started = await leash.start({
      name,
      command: "java",
      args: ["-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classPath, main, ...args],
      logFile,
      stopSignal: "SIGTERM",
    });
    return { url: `http://127.0.0.1:${await portOf(started, logFile)}`, logFile, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Answers when `main` has ended; rejects with what it printed when it failed. */
export async function runJavaApp(name: string, main: string, args: readonly string[]): Promise<void> {
  const options = ["-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
  await run("java", [...options, "-cp", await build(name), main, ...args], { timeout: RUN_TIMEOUT_MS });
}

async function portOf(app: LeashedProcess, logFile: string): Promise<string> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const log = await fs.readFile(logFile, "utf8").catch(() => "");
    const port = /^port (\d+)$/m.exec(log)?.[1];
    if (port !== undefined) return port;
    if (!app.isRunning() || Date.now() > deadline) throw new Error(`${app.name} did not start:\n${log.slice(-4000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The class path of the app as its sources are now. */
async function build(name: string): Promise<string> {
  const pom = path.join(APPS, name, "pom.xml");
  const sourceDir = path.join(APPS, name, "src/main/java");
  const sources = (await fs.readdir(sourceDir, { recursive: true }))
    .filter((file) => file.endsWith(".java"))
    .sort()
    .map((file) => path.join(sourceDir, file));
  const libs = await made(`${name}-libs-${await hashOf([pom])}`, (dir) =>
    run("mvn", ["-B", "-q", "-f", pom, COPY_DEPENDENCIES, "-DincludeScope=runtime", `-DoutputDirectory=${dir}`], {
      timeout: MAVEN_TIMEOUT_MS,
    }),
  );
  const classes = await made(`${name}-${await hashOf([pom, ...sources])}`, (dir) =>
    run("javac", ["-parameters", "-d", dir, "-cp", `${libs}/*`, ...sources]),
  );
  return [classes, `${libs}/*`].join(path.delimiter);
}

async function hashOf(files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files) hash.update(path.basename(file)).update(await fs.readFile(file));
  return hash.digest("hex").slice(0, 16);
}

/** Creates the folder complete or not at all, even when another process creates it at the same time. */
async function made(name: string, make: (dir: string) => Promise<unknown>): Promise<string> {
  const dir = path.join(BUILT, name);
  if (await exists(dir)) return dir;
  const unfinished = `${dir}.${process.pid}`;
  await fs.mkdir(unfinished, { recursive: true });
  try {
    await make(unfinished);
    await fs.rename(unfinished, dir);
  } catch (error) {
    await fs.rm(unfinished, { recursive: true, force: true });
    if (!(await exists(dir))) throw error;
  }
  return dir;
}
