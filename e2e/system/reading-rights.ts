/** Topics that may be seen and not read, and rights that are taken back. */
import assert from "node:assert/strict";
import { it } from "node:test";
import type { Admin } from "kafkajs";
import { createTopicOn } from "#e2e/stack/create-topic.ts";
import { allow, takeBack } from "./reading-login.ts";
import { countIndex, until, type TapStage } from "./tap-stage.ts";

const WITHIN_MS = 30_000;

export function testRights(stageOf: () => TapStage & { readonly admin: Admin }): void {
  const indexed = (topic: string, count: number) =>
    until(`${count} events of ${topic}`, WITHIN_MS, async () => (await countIndex(stageOf(), topic)) === count);
  const send = (topic: string, count: number) =>
    stageOf().producer.send({ topic, messages: Array.from({ length: count }, (_, i) => ({ value: `${i}` })) });
  const faultOf = async (topic: string): Promise<string | null> => {
    const { rows } = await stageOf().pool.query<{ reason: string }>(
      `
        SELECT f.reason
        FROM tap_faults f
        JOIN destinations d ON d.id = f.destination_id
        WHERE d.name = $1`,
      [topic],
    );
    return rows[0]?.reason ?? null;
  };
  const untilRefused = (topic: string) =>
    until(`${topic} is marked`, WITHIN_MS, async () =>
      ((await faultOf(topic)) ?? "").startsWith(
        `the broker does not let Flowtap read ${topic}[0] (TOPIC_AUTHORIZATION_FAILED)`,
      ),
    );

  it("Describe without Read on a topic, until it may be read", async () => {
    const { admin } = stageOf();
    await allow(admin, [["DENY READ", "TOPIC", "described"]]);
    await createTopicOn(admin, "described", 1);
    await send("described", 5);
    await untilRefused("described");
    assert.equal(await countIndex(stageOf(), "described"), 0);
    await takeBack(admin, ["DENY READ", "TOPIC", "described"]);
    await indexed("described", 5);
    await until("it is marked no longer", WITHIN_MS, async () => (await faultOf("described")) === null);
  });

  it("Read taken back while a topic is read", async () => {
    const { admin } = stageOf();
    await createTopicOn(admin, "revoked", 1);
    await send("revoked", 3);
    await indexed("revoked", 3);
    await allow(admin, [["DENY READ", "TOPIC", "revoked"]]);
    await untilRefused("revoked");
    await send("revoked", 4);
    await takeBack(admin, ["DENY READ", "TOPIC", "revoked"]);
    await indexed("revoked", 7);
    await until("it is marked no longer", WITHIN_MS, async () => (await faultOf("revoked")) === null);
  });
}
