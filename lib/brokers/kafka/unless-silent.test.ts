import assert from "node:assert/strict";
import net from "node:net";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { isBrokerFault } from "../ports/errors.ts";
import { unlessSilent } from "./unless-silent.ts";

const SILENT_MS = 200;

describe("unlessSilent", () => {
  const servers: net.Server[] = [];
  after(() => servers.forEach((server) => server.close()));

  async function connectTo(answer: (socket: net.Socket) => void) {
    const server = net.createServer(answer).listen(0, "127.0.0.1");
    servers.push(server);
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as net.AddressInfo;
    const socket = net.connect(port, "127.0.0.1").on("error", () => undefined);
    socket.on("data", () => undefined);
    return { socket, host: "127.0.0.1", port };
  }

  it("gives up on a broker that takes the request and says nothing, and closes the connection", async () => {
    const connection = await connectTo((socket) => socket.resume());
    const never = new Promise<never>(() => undefined);
    await assert.rejects(
      unlessSilent(connection, never, SILENT_MS),
      (error) => isBrokerFault(error, "unreachable") && error.message.startsWith("no answer from the broker at 127.0"),
    );
    assert.ok(connection.socket.destroyed);
  });

  it("waits for one that answers slowly, as long as it sends anything", async () => {
    const connection = await connectTo((socket) => {
      const timer = setInterval(() => socket.write("."), SILENT_MS / 4);
      socket.on("close", () => clearInterval(timer)).on("error", () => undefined);
    });
    const slow = sleep(SILENT_MS * 3).then(() => "answer");
    assert.equal(await unlessSilent(connection, slow, SILENT_MS), "answer");
    connection.socket.destroy();
  });

  it("rejects with what the work rejects with", async () => {
    const connection = await connectTo((socket) => socket.resume());
    await assert.rejects(unlessSilent(connection, Promise.reject(new TypeError("a bug")), SILENT_MS), TypeError);
    connection.socket.destroy();
  });
});
