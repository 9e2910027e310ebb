/**
 * What a proxy in front tells of the client: its address, the name it used, whether it came over https. Anybody can
 * write these headers, so they count only from the peers that the configuration trusts, by default none.
 */
import type { IncomingMessage } from "node:http";
import { BlockList, isIP, isIPv6 } from "node:net";
import { plainAddress } from "./client-network.ts";
import { CLIENT_ADDRESS, CLIENT_SCHEME } from "./origin.ts";

const WRITTEN_BY_PROXIES = /^(?:forwarded|x-real-ip|x-forwarded-.+)$/;
const HOST = /^[\w.-]{1,253}(?::\d{1,5})?$|^\[[0-9a-f:.]{2,45}\](?::\d{1,5})?$/i;

/** Puts into the request's headers who asks, by the words of trusted peers only, and takes every such word out. */
export function openForwarded(trustedProxies: readonly string[]): (request: IncomingMessage) => void {
  const trusted = new BlockList();
  for (const proxy of trustedProxies) {
    const [address = "", bits] = proxy.split("/", 2);
    const version = isIPv6(address) ? "ipv6" : "ipv4";
    if (bits === undefined) trusted.addAddress(address, version);
    else trusted.addSubnet(address, Number(bits), version);
  }
  const isTrusted = (address: string) => trusted.check(address, isIPv6(address) ? "ipv6" : "ipv4");

  return ({ headers, socket }) => {
    const peer = plainAddress(socket.remoteAddress ?? "");
    const believed = isIP(peer) !== 0 && isTrusted(peer);
    const written = (name: string): string[] => (believed ? listOf(headers[`x-forwarded-${name}`]) : []);
    const host = written("host").at(-1);
    const scheme = written("proto").at(-1)?.toLowerCase();
    const client = clientOf(peer, written("for"), isTrusted);
    for (const name of Object.keys(headers)) if (WRITTEN_BY_PROXIES.test(name)) delete headers[name];
    if (host !== undefined && HOST.test(host)) headers.host = host;
    headers[CLIENT_ADDRESS] = client;
    headers[CLIENT_SCHEME] = scheme === "https" ? "https" : "http";
  };
}

/** Each proxy adds at the end whom it was asked by: the first from behind that is no trusted proxy is the client. */
function clientOf(peer: string, chain: string[], isTrusted: (address: string) => boolean): string {
  let client = peer;
  while (chain.length > 0 && isTrusted(client)) {
    const before = withoutPort(chain.pop() ?? "");
    if (isIP(before) === 0) break;
    client = before;
  }
  return client;
}

const listOf = (value: string | string[] | undefined): string[] =>
  [value ?? []]
    .flat()
    .join(",")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

const withoutPort = (text: string): string =>
  plainAddress(/^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? text.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1"));
