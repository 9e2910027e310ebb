/** The demo lets everyone in as an operator, so it is for the machine it runs on only. */
import { BlockList, isIP } from "node:net";
import type { FlowtapConfig } from "#lib/config/schema.ts";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Why the demo may not start with this configuration, and what to do; null: it may. */
export function demoRefusal({ web, access }: Pick<FlowtapConfig, "web" | "access">): string | null {
  if (access.tokens.length > 0)
    return [
      "FLOWTAP_DEMO=1 opens Flowtap to everyone without a token, but the configuration names access.tokens.",
      "Leave FLOWTAP_DEMO out of the environment to run with the tokens, or take access.tokens out to run the demo.",
    ].join("\n");
  if (!isLoopback(web.host))
    return [
      `FLOWTAP_DEMO=1 opens Flowtap to everyone without a token, so it does not listen on ${web.host}.`,
      "Set web.host (or FLOWTAP_WEB_HOST) to 127.0.0.1, or leave FLOWTAP_DEMO out and name access.tokens.",
    ].join("\n");
  return null;
}

function isLoopback(host: string): boolean {
  const version = isIP(host);
  return version === 0 ? host.toLowerCase() === "localhost" : loopback.check(host, version === 6 ? "ipv6" : "ipv4");
}
