/** `npm run demo`: Postgres, Kafka, an example system, Flowtap; then `READY <address>`. Everything ends with it. */
import { check } from "./check.ts";
import { startExampleSystem, type ExampleSystem } from "./example-system.ts";
import { USAGE, readFlags, type DemoFlags } from "./flags.ts";
import { runToEnd, startTap, startWeb, writeFlowtapConfig } from "./flowtap-processes.ts";
import { startKafka } from "./stack/kafka.ts";
import { openLeash, type Leash } from "./stack/leash.ts";
import { startPostgres } from "./stack/postgres.ts";
import { Supervisor } from "./stack/supervisor.ts";
import { claimState, deleteRun, deleteState, logFileOf, openPorts, stateDirs, writeRun } from "./state.ts";

const PARENT_CHECK_MS = 2_000;

let ending = false;
// While the demo ends, the ends of its processes are not reported.
const say = (line: string) => {
  if (!ending) console.log(line);
};
// Ignore write errors of a closed terminal: its signal stops the demo.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
// KafkaJS sometimes computes a negative timeout, of which Node warns. The warning is of no use.
process.removeAllListeners("warning");
process.on("warning", (warning) => {
  if (warning.name !== "TimeoutNegativeWarning") console.warn(`${warning.name}: ${warning.message}`);
});

const flags = readFlags(process.argv.slice(2));
if (!flags.ok) {
  console.error(`${flags.error}\n${USAGE}`);
  process.exit(2);
}
const claimed = await claimState();
if (!claimed.ok) {
  console.error(`Flowtap demo: ${claimed.error}`);
  process.exit(1);
}
if (flags.value.fresh) await deleteState();

const leash = openLeash();
const supervisor = new Supervisor(say);

async function end(code: number): Promise<never> {
  ending = true;
  await supervisor.stop();
  await leash.close();
  await deleteRun();
  process.exit(code);
}
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const) {
  process.on(signal, () => {
    if (ending) return;
    say("Stopping");
    void end(code);
  });
}
if (process.env["npm_lifecycle_event"] !== undefined) {
  // If npm is killed without a signal to us, end too.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent && !ending) void end(1);
  }, PARENT_CHECK_MS).unref();
}

try {
  await writeRun({ pid: process.pid, keeperPid: leash.keeperPid });
  const { webUrl, controlUrl } = await startAll(flags.value, leash);
  say(`READY ${webUrl}`);
  if (flags.value.check) {
    const outcome = await check(webUrl, controlUrl);
    say(JSON.stringify(outcome));
    await end(outcome.ok ? 0 : 1);
  }
} catch (error) {
  // Errors caused by stopping are not reported.
  if (!ending) {
    console.error(`\nFlowtap demo: ${(error as Error).message}\nThe logs are in ${stateDirs.logs}`);
    await end(1);
  }
}

async function startAll(options: DemoFlags, held: Leash): Promise<{ webUrl: string; controlUrl: string }> {
  const takePort = await openPorts();
  // The build depends on nothing else, so it runs during the downloads.
  const build = runToEnd(held, "web-build", "lib/web/build.ts").then(
    () => null,
    (error: unknown) => error as Error,
  );

  const databaseUrl = process.env["DATABASE_URL"] ?? (await ownPostgres(held, takePort));
  // In parallel: each of the two uses about one core.
  const [, { brokers, example }] = await Promise.all([migrate(held, databaseUrl), brokersAndExample(held, takePort)]);

  await writeFlowtapConfig(brokers, process.env["FLOWTAP_DEMO_PAGER"] ?? `${example.controlUrl}/pager`);
  const webPort = await takePort("web", options.port ?? undefined);
  const settings = {
    leash: held,
    databaseUrl,
    brokers,
    webPort,
    metricsPort: await takePort("tap"),
    controlUrl: example.controlUrl,
    say,
  };
  await supervisor.start("Tap", "starting", () => startTap(settings));
  if (options.traffic) await example.startTraffic();
  const buildFault = await supervisor.start("Web build", "finishing where needed", async () => ({
    fault: await build,
    stop: async () => undefined,
  }));
  if (buildFault.fault !== null) throw buildFault.fault;
  await supervisor.start("Web", "starting", () => startWeb(settings));

  const webUrl = `http://localhost:${webPort}`;
  await writeRun({
    pid: process.pid,
    keeperPid: held.keeperPid,
    url: webUrl,
    controlUrl: example.controlUrl,
    brokers,
    databaseUrl,
    services: example.urls,
  });
  return { webUrl, controlUrl: example.controlUrl };
}

function migrate(held: Leash, databaseUrl: string): Promise<unknown> {
  return supervisor.start("Database", "migrating", async () => {
    await runToEnd(held, "migrate", "lib/store/prisma/migrate.ts", { DATABASE_URL: databaseUrl });
    return { stop: async () => undefined };
  });
}

async function brokersAndExample(
  held: Leash,
  takePort: TakePort,
): Promise<{ brokers: string[]; example: ExampleSystem }> {
  const brokers = process.env["KAFKA_BROKERS"]?.split(",") ?? (await ownKafka(held, takePort));
  const example = await supervisor.start("Example services", "starting eight services and the fault switch", () =>
    startExampleSystem({ leash: held, brokers, takePort, say }),
  );
  return { brokers, example };
}

type TakePort = (name: string, preferred?: number) => Promise<number>;

async function ownPostgres(held: Leash, takePort: TakePort): Promise<string> {
  const preferredPort = await takePort("postgres");
  const postgres = await supervisor.start(
    "Postgres",
    "starting (embedded; DATABASE_URL overrides)",
    () =>
      startPostgres({
        leash: held,
        stateDir: stateDirs.postgres,
        logFile: logFileOf("postgres"),
        preferredPort,
        note: say,
      }),
    ({ port }) => `port ${port}`,
  );
  return postgres.url;
}

async function ownKafka(held: Leash, takePort: TakePort): Promise<string[]> {
  const preferredPort = await takePort("kafka");
  const kafka = await supervisor.start(
    "Kafka",
    "starting (KAFKA_BROKERS overrides)",
    () => startKafka({ leash: held, stateDir: stateDirs.kafka, logFile: logFileOf("kafka"), preferredPort, note: say }),
    ({ how, port }) => `${how}, port ${port}`,
  );
  return kafka.brokers;
}
