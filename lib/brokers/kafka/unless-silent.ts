/** Ends the wait for a broker that takes requests and answers nothing, sooner than the client itself would. */
import type { Connection } from "@platformatic/kafka";
import { BrokerFault } from "../ports/errors.ts";

/** Whoever sends anything at all in this time is waited for, however slow the way is. */
const SILENT_AFTER_MS = 10_000;
const CHECKS = 10;

/** The connection is closed when it is silent: what comes later would be taken for the answer of something else. */
export async function unlessSilent<T>(
  { socket, host, port }: Pick<Connection, "socket" | "host" | "port">,
  work: Promise<T>,
  silentAfterMs = SILENT_AFTER_MS,
): Promise<T> {
  const silence = Promise.withResolvers<never>();
  let bytes = socket.bytesRead;
  let silentChecks = 0;
  const timer = setInterval(() => {
    silentChecks = socket.bytesRead > bytes ? 0 : silentChecks + 1;
    bytes = socket.bytesRead;
    if (silentChecks < CHECKS) return;
    const words = `no answer from the broker at ${host}:${port} for ${silentAfterMs / 1000} s`;
    silence.reject(new BrokerFault({ kind: "unreachable" }, words));
    socket.destroy();
  }, silentAfterMs / CHECKS);
  try {
    return await Promise.race([work, silence.promise]);
  } finally {
    clearInterval(timer);
  }
}
