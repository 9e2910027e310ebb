/** `npm start`: Flowtap's web process. `-- --dev` serves pages as they are edited. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { describeFaults, readConfig } from "#lib/config/read-config.ts";
import { openLog } from "#lib/telemetry/log.ts";
import { servedUnder } from "#lib/config/base-path.ts";
import { builtPages } from "./build.ts";
import { setContainer } from "./container.ts";
import { demoRefusal } from "./demo-guard.ts";
import { openFrontDoor } from "./front-door.ts";
import { openContainer } from "./open-container.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const DRAIN_MS = 3000;
const STOP_MS = 8000;

const dev = process.argv.includes("--dev");
const log = openLog("web");

function giveUp(message: string): never {
  console.error(message);
  process.exit(1);
}

const config = readConfig(process.env);
if (!config.ok) giveUp(describeFaults(config.error));
const base = servedUnder(config.value.web);
const pages = builtPages(base);
if (!dev && pages === null) giveUp(`The pages are not built yet for ${base || "/"}. Build them once:\n  npm run build`);

const demo = process.env["FLOWTAP_DEMO"] === "1";
const refusal = demo ? demoRefusal(config.value) : null;
if (refusal !== null) giveUp(refusal);
const container = openContainer(
  config.value,
  { demo, demoControlUrl: process.env["FLOWTAP_DEMO_CONTROL_URL"] ?? null },
  log,
);
setContainer(container);
const { host, port } = config.value.web;

// Next and React read this when they are loaded, hence the late import.
Object.assign(process.env, {
  NEXT_PUBLIC_FLOWTAP_BASE_PATH: base,
  NODE_ENV: dev ? "development" : "production",
  NEXT_TELEMETRY_DISABLED: "1",
  ...(!dev && { FLOWTAP_PAGES_DIR: pages }),
});
const { default: next } = await import("next");
const server = createServer({ maxHeaderSize: 32 * 1024, requestTimeout: 30_000, headersTimeout: 10_000 });
const app = next({ dev, dir: ROOT, hostname: host, port, httpServer: server });
await app.prepare();
const handle = app.getRequestHandler();
server.on("request", openFrontDoor({ container, next: (request, response) => handle(request, response), dev }));

server.on("error", (error: NodeJS.ErrnoException) => {
  giveUp(
    error.code === "EADDRINUSE"
      ? `Port ${port} on ${host} is taken. Choose another with FLOWTAP_WEB_PORT (0 takes any).`
      : `The web server cannot listen on ${host}:${port}: ${error.message}`,
  );
});
server.listen(port, host, () => {
  const { port: bound } = server.address() as AddressInfo;
  const shown = host.includes(":") ? `[${host}]` : host;
  if (container.access.mode === "closed")
    log.warn("no access token is configured: everything is refused until access.tokens names one");
  console.log(`READY http://${shown}:${bound}`);
});

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(1), STOP_MS).unref();
  // No new connections; streams are told to end; what is being answered may finish; then everything behind it closes.
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const drained = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  server.closeIdleConnections();
  await container.close();
  server.closeIdleConnections();
  await closed;
  clearTimeout(drained);
  await app.close();
  process.exit(0);
}
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => void stop());
