/** Free TCP ports on the loopback. */
import net from "node:net";

/**
 * Below the range for outgoing connections (from 32768 on Linux), so that no other process gets the port while a server
 * restarts, and a client that polls the port cannot connect to itself.
 */
const LOWEST = 15_000;
const HIGHEST = 32_000;
const handedOut = new Set<number>();

export async function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** The preferred port if it is free, else a random free one, never the same twice in one process. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isPortFree(preferred))) return preferred;
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (handedOut.has(port) || !(await isPortFree(port))) continue;
    handedOut.add(port);
    return port;
  }
  throw new Error(`no free port found between ${LOWEST} and ${HIGHEST}`);
}
