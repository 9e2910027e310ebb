/** Stands between a client and a server, and spoils the server's answers. */
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * What becomes of answers: passed on; passed on late; half of one and then nothing more; half of one and then the end;
 * nothing at all, though connections and requests are taken.
 */
export type AnswerFault = "none" | "late" | "half" | "half and end" | "silence";

const LATE_MS = 1500;

export interface FaultyProxy {
  readonly port: number;
  /** of answers from now on, also on connections that are open */
  set(fault: AnswerFault): void;
  close(): void;
}

export async function openFaultyProxy(targetPort: number): Promise<FaultyProxy> {
  let fault: AnswerFault = "none";
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const target = net.connect(targetPort, "127.0.0.1");
    let isHalf = false;
    let last = Promise.resolve();
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        target.destroy();
      });
    }
    client.on("data", (bytes) => target.write(bytes));
    target.on("data", (bytes) => {
      if (fault === "late") last = last.then(() => sleep(LATE_MS)).then(() => void client.write(bytes));
      else if (fault === "none" && !isHalf) last = last.then(() => void client.write(bytes));
      else if ((fault === "half" || fault === "half and end") && !isHalf) {
        isHalf = true;
        const half = bytes.subarray(0, bytes.length >> 1);
        if (fault === "half") client.write(half);
        else client.end(half);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    set: (next) => (fault = next),
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
