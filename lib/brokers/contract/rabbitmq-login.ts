/** What a RabbitMQ that does not let Flowtap in, or is not there, is said to be wrong with. */
import assert from "node:assert/strict";
import { it } from "node:test";
import amqp from "amqplib";
import { RabbitClusterConfig } from "#lib/config/cluster.ts";
import { openLog } from "#lib/telemetry/log.ts";
import { isBrokerFault } from "../ports/errors.ts";
import { manage, type Managed } from "./rabbitmq-checks.ts";
import { asAssigned, recordTap, until } from "./recorded-tap.ts";
import { openRabbit } from "../rabbitmq/broker.ts";

const LIMITS = { maxRecords: 1, maxBytes: 1024, timeoutMs: 20_000 };

interface Reachable extends Managed {
  readonly address: string;
}

export function describeLogin(rabbit: Reachable): void {
  const { address, managementUrl, username, password } = rabbit;
  const config = { name: "test", system: "rabbitmq", brokers: [address], managementUrl, username, password } as const;

  it("says what is wrong with a login, an address and a virtual host", async () => {
    for (const [change, kind, words] of [
      [{ password: "wrong" }, "login_refused", /does not accept the login of guest/],
      [{ vhost: "nowhere" }, "login_refused", /no virtual host nowhere/],
      [{ brokers: ["amqp://127.0.0.1:1"] }, "unreachable", /127\.0\.0\.1:1 cannot be reached/],
      [{ brokers: [address.replace("amqp:", "amqps:")] }, "unreachable", /TLS/],
    ] as const) {
      const reader = openRabbit(RabbitClusterConfig.parse({ ...config, ...change })).openReader();
      await assert.rejects(reader.read({ topic: "exchange:any", partition: 0 }, 0n, LIMITS), (error) => {
        assert.ok(isBrokerFault(error, kind), String(error));
        assert.match(error.message, words);
        return true;
      });
      await reader.close();
    }
    for (const [change, kind] of [
      [{ password: "wrong" }, "login_refused"],
      [{ managementUrl: "http://127.0.0.1:1" }, "unreachable"],
    ] as const) {
      const inspector = openRabbit(RabbitClusterConfig.parse({ ...config, ...change })).openInspector();
      await assert.rejects(inspector.destinations(), (error) => isBrokerFault(error, kind), kind);
      await inspector.close();
    }
  });

  it("reads with exactly the rights that docs/brokers.md names, and nothing else", async (context) => {
    const admin = await amqp.connect(address.replace("//", `//${username}:${password}@`));
    const channel = await admin.createConfirmChannel();
    await channel.assertExchange("rights", "topic", { durable: true });
    await channel.assertQueue("of-rights", { durable: true });
    await channel.bindQueue("of-rights", "rights", "#");
    await channel.bindQueue("of-rights", "amq.topic", "#");
    const put = async (path: string, body: unknown): Promise<void> => {
      assert.ok((await manage(rabbit, path, { method: "PUT", body: JSON.stringify(body) })).ok, path);
    };
    await put("users/flowtap", { password: "secret", tags: "monitoring" });
    const ours = String.raw`^flowtap\.`;
    const read = String.raw`^(flowtap\..*|rights)$`;
    await put("permissions/%2F/flowtap", { configure: ours, write: ours, read });
    const broker = openRabbit(RabbitClusterConfig.parse({ ...config, username: "flowtap", password: "secret" }));
    const inspector = broker.openInspector();
    assert.ok((await inspector.destinations()).some(({ name }) => name === "exchange:rights"));
    const log = openLog("test");
    log.level = "silent";
    const tap = recordTap(broker, asAssigned("exchange:rights", [0]), log);
    const other = recordTap(broker, asAssigned("exchange:amq.topic", [0]), log);
    const stop = () => Promise.all([tap.stop(), other.stop(), inspector.close(), admin.close()]);
    context.after(stop);
    await until("the tap is bound and reads", 30_000, async () => {
      channel.publish("rights", "any", Buffer.from("x"));
      await channel.waitForConfirms();
      return tap.count() > 0;
    });
    assert.deepEqual(tap.faults, []);
    await until("the other exchange is refused", 30_000, () => other.faults.length > 0);
    assert.ok(isBrokerFault(other.faults[0], "not_authorized"), String(other.faults[0]));
  });
}
