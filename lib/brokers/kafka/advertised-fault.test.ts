import assert from "node:assert/strict";
import { createServer, type AddressInfo } from "node:net";
import { it } from "node:test";
import { metadataV12 } from "@platformatic/kafka";
import { KafkaClusterConfig } from "#lib/config/cluster.ts";
import { isBrokerFault } from "../ports/errors.ts";
import { openRequests } from "./inspect-requests.ts";

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function faultAt(broker: { nodeId: number; host: string; port: number }, brokers: string[]): Promise<string> {
  const requests = openRequests(KafkaClusterConfig.parse({ name: "test", brokers }));
  const ask = () => requests.toBroker(broker, metadataV12.api, null, false, false);
  try {
    const [first, again] = await Promise.all(
      [ask(), ask()].map((asked) => asked.then(() => null).catch((error: unknown) => error)),
    );
    assert.ok(isBrokerFault(first, "unreachable") && isBrokerFault(again, "unreachable"));
    assert.equal(again.message, first.message, "also while it is left alone");
    return first.message;
  } finally {
    await requests.close();
  }
}

it("a broker that cannot be connected to is named, with the address that it advertises", async () => {
  const port = await closedPort();
  const own = `127.0.0.1:${port}`;
  assert.match(
    await faultAt({ nodeId: 2, host: "127.0.0.1", port }, ["localhost:9092"]),
    new RegExp(
      `^broker 2 at ${own}: nothing listens at ${own} .*address it advertises, check its advertised.listeners$`,
    ),
  );
  assert.doesNotMatch(await faultAt({ nodeId: 2, host: "127.0.0.1", port }, [own]), /advertises/);
  assert.match(await faultAt({ nodeId: 3, host: "::1", port }, ["localhost:9092"]), /^broker 3 at \[::1\]:\d+: /);
});
