import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { runReplay } from "#lib/commands/change-replay.ts";
import { chooseReplayItems } from "#lib/commands/choose-items.ts";
import { editReplayItem } from "#lib/commands/edit-item.ts";
import { planReplay } from "#lib/commands/plan-replay.ts";
import type { ReplaySelection } from "#lib/contracts/replay-selection.ts";
import type { RedrivePlanInput, ReplayChoiceInput, ReplayPlanInput } from "#lib/contracts/replay-input.ts";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { settleOutcomes } from "#lib/store/replays/outcomes.ts";
import { dead, ended, OPERATOR, plan, redriveOf, see, text, WHY } from "./replay-steps.ts";
import { createTopicOn, killNow, openWorld, type World } from "./replay-world.ts";

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.stop());

describe("a plan", () => {
  it("leaves a draft's items out that another run has sent since", async () => {
    await world.bury("twice", dead(5, "fp-twice"));
    const [one, two] = [await plan(world, redriveOf("fp-twice", 1000)), await plan(world, redriveOf("fp-twice", 1000))];
    assert.ok((await runReplay(world.deps, one.row.id, WHY, OPERATOR)).ok);
    const late = await runReplay(world.deps, two.row.id, WHY, OPERATOR);
    assert.match(late.ok ? "" : late.error.message, /^Nothing is left to send/);
    assert.equal((await see(world, two.row.id)).row.status, "draft", "the refusal undid itself");
  });

  it("goes to one group: by its own retry topic, else with a header that the others filter on", async () => {
    const { prisma } = world.database;
    await world.bury("one", dead(4, "fp-one"));
    const toPayments = { ...redriveOf("fp-one", 1000), to: { how: "group", group: "payments" } } as ReplayPlanInput;
    const byHeader = await plan(world, toPayments);
    assert.ok(byHeader.preview.kind === "redrive");
    assert.deepEqual(
      [byHeader.row.group, byHeader.preview.targets.map(({ topic, by }) => [topic, by])],
      ["payments", [["one", "header"]]],
    );
    await world.createTopic("one-retry", 2);
    const retry = await prisma.destination.update({
      where: { clusterId_name: { clusterId: (await prisma.cluster.findFirstOrThrow()).id, name: "one-retry" } },
      data: { role: "retry" },
    });
    const reader = await prisma.consumerGroup.create({
      data: { clusterId: retry.clusterId, name: "payments-retry-0" },
    });
    await prisma.groupPartition.createMany({
      data: [0, 1].map((partition) => ({
        groupId: reader.id,
        destinationId: retry.id,
        partition,
        committedOffset: 0n,
      })),
    });
    const byTopic = await plan(world, toPayments);
    assert.ok(byTopic.preview.kind === "redrive");
    assert.deepEqual(
      byTopic.preview.targets.map(({ topic, by, receivers }) => [topic, by, receivers]),
      [
        [
          "one-retry",
          "retry_topic",
          [
            {
              group: "payments-retry-0",
              failedThere: true,
              probablyFailedThere: false,
              declaredIdempotent: false,
              trouble: null,
            },
          ],
        ],
      ],
    );
    assert.ok((await runReplay(world.deps, byHeader.row.id, WHY, OPERATOR)).ok);
    const runner = world.startRunner();
    await ended(world, byHeader.row.id);
    await killNow(runner);
    const [first] = await world.readAll("one");
    assert.equal(text(first?.headers.find(([name]) => name === "flowtap-target-group")?.[1]), "payments");
    await prisma.consumerGroup.delete({ where: { id: reader.id } });
  });

  it("calls out events that a newer one of their key has overtaken, and leaves out what people choose to", async () => {
    const { prisma, pool } = world.database;
    const events = [0, 1, 2, 3].map((i) => ({
      key: `cust-${i % 2}`,
      partition: 0,
      offset: BigInt(i),
      fingerprint: "fp-stale",
    }));
    await world.bury("stale", events);
    await ensurePartitions(pool, new Date());
    const target = await prisma.destination.findFirstOrThrow({ where: { name: "stale" } });
    const index = (key: string, position: bigint) =>
      prisma.$executeRaw`
        INSERT INTO events (stored_at, occurred_at, position, destination_id, partition, size_bytes, flags, key)
        VALUES (now(), now(), ${position}, ${target.id}, 0, 1, 0, ${key})`;
    for (const { key, offset } of events) await index(key, offset);
    await index("cust-0", 7n);
    const view = await plan(world, redriveOf("fp-stale", 1000));
    assert.ok(view.preview.kind === "redrive");
    assert.deepEqual(
      [view.preview.stale, view.items.items.map(({ key, newerOffset }) => [key, newerOffset])],
      [
        { items: 2, choice: "ask" },
        [
          ["cust-0", "7"],
          ["cust-1", null],
          ["cust-0", "7"],
          ["cust-1", null],
        ],
      ],
    );
    const asked = await runReplay(world.deps, view.row.id, WHY, OPERATOR);
    assert.match(
      asked.ok ? "" : asked.error.message,
      /^Of 2 events the key has had a newer event since\. Choose first/,
    );
    const choose = async (input: ReplayChoiceInput) => {
      const chosen = await chooseReplayItems(world.deps, view.row.id, input, OPERATOR);
      assert.ok(chosen.ok && chosen.value.preview.kind === "redrive");
      const { items, keys, leftOut, targets } = chosen.value.preview;
      return {
        items,
        keys: keys.map(({ key, items: n }) => `${key} ${n}`),
        leftOut: leftOut.map(({ reason, items: n }) => `${n} ${reason}`),
        sent: chosen.value.items.items.filter(({ status }) => status === "pending").map(({ seq }) => seq),
        inTarget: targets[0]?.items,
      };
    };
    assert.deepEqual(await choose({ stale: "skip" }), {
      items: 2,
      keys: ["cust-1 2"],
      leftOut: ["2 Its key has had a newer event since"],
      sent: [1, 3],
      inTarget: 2,
    });
    assert.deepEqual((await choose({ stale: "newest" })).sent, [1, 2, 3]);
    assert.deepEqual((await choose({ stale: "send", exclude: [3] })).sent, [0, 1, 2]);
    assert.deepEqual((await choose({ include: [3], exclude: [0] })).sent, [1, 2, 3]);
    const edit = (body: string) =>
      editReplayItem(
        world.deps,
        { id: view.row.id, seq: 1 },
        {
          body,
          format: "json",
          setHeaders: [{ name: "ce_id", value: "mended" }],
          removeHeaders: [],
          despiteSchema: false,
        },
        OPERATOR,
      );
    const broken = await edit("{");
    assert.match(broken.ok ? "" : broken.error.message, /^The body was JSON and is no longer: /);
    assert.ok((await edit('{"price":2}')).ok);
    assert.ok((await runReplay(world.deps, view.row.id, WHY, OPERATOR)).ok);
    const late = await chooseReplayItems(world.deps, view.row.id, { include: [0] }, OPERATOR);
    assert.equal(late.ok ? "" : late.error.code, "conflict");
    const runner = world.startRunner();
    const done = await ended(world, view.row.id);
    await killNow(runner);
    assert.deepEqual([done.row.status, done.row.progress.sent, done.row.progress.skipped], ["completed", 3, 1]);
    const sent = await world.readAll("stale");
    const header = (record: (typeof sent)[number] | undefined, wanted: string) =>
      record?.headers.filter(([name]) => name === wanted).map(([, value]) => text(value));
    assert.equal(sent.length, 3);
    assert.deepEqual(
      [text(sent[0]?.value), header(sent[0], "ce_id"), header(sent[0], "flowtap-edited")],
      ['{"price":2}', ["mended"], ["true"]],
    );
    assert.deepEqual([text(sent[1]?.value), header(sent[1], "flowtap-edited")], ["cust-0@0/2", []]);
    assert.equal(
      await prisma.failure.count({ where: { fingerprint: "fp-stale", status: "open" } }),
      1,
      "what was left out stays open",
    );
  });
});

describe("what a plan chooses", () => {
  const BEGAN_MS = Math.floor(Date.now() / 1000) * 1000 - 600_000;
  const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  const UUID = "4bf92f35-77b3-4da6-a3ce-929d0e0e4736";
  const asked = (select: ReplaySelection, to: RedrivePlanInput["to"] = { how: "topic" }): RedrivePlanInput => ({
    ...redriveOf("", 1000),
    select,
    to,
    stale: "send",
  });
  const refusal = async (input: RedrivePlanInput) => {
    const made = await planReplay(world.deps, input, OPERATOR);
    return made.ok ? "" : made.error.message;
  };
  const chosen = async (input: RedrivePlanInput) => {
    const view = await plan(world, input);
    assert.ok(view.preview.kind === "redrive");
    return {
      id: view.row.id,
      preview: view.preview,
      positions: view.items.items.map((item) => `${item.sourceTopic}/${item.sourcePartition}/${item.sourceOffset}`),
    };
  };
  let ids: { orders: number; refunds: number };

  before(async () => {
    const { prisma, pool } = world.database;
    await ensurePartitions(pool, new Date());
    ids = { orders: await world.createTopic("orders", 2), refunds: await world.createTopic("refunds", 1) };
    const producer = world.kafka.producer();
    await producer.connect();
    for (let i = 0; i < 10; i++)
      await producer.send({
        topic: "orders",
        messages: [
          {
            partition: i % 2,
            key: `c-${i % 2}`,
            value: i === 9 ? "{broken" : `{"order":${i}}`,
            timestamp: String(BEGAN_MS + i * 1000),
          },
        ],
      });
    await producer.send({
      topic: "refunds",
      messages: [{ key: "c-0", value: '{"refund":1}', timestamp: String(BEGAN_MS + 500) }],
    });
    await producer.send({ topic: "refunds", messages: [{ key: "c-2", value: randomBytes(2000).toString("base64") }] });
    const index = (
      destinationId: number,
      partition: number,
      position: bigint,
      key: string,
      second: number,
      flags = 0,
    ) =>
      prisma.$executeRaw`
        INSERT INTO events (
          stored_at, occurred_at, position, destination_id, partition, size_bytes, flags, key, trace_id
        )
        VALUES (
          now(), to_timestamp(${BEGAN_MS / 1000 + second}::float8), ${position}, ${destinationId},
          ${partition}, 1, ${flags}, ${key}, ${UUID}::uuid
        )`;
    await index(ids.orders, 0, 0n, "c-0", 0);
    await index(ids.orders, 0, 1n, "c-0", 2);
    await index(ids.refunds, 0, 0n, "c-0", 0.5);
    await index(ids.orders, 1, 2n, "c-1", 5);
    await index(ids.orders, 1, 4n, "c-1", 9, 1 << 7);
    const cluster = await prisma.cluster.findFirstOrThrow();
    await prisma.trace.create({
      data: {
        traceId: UUID,
        firstAt: new Date(BEGAN_MS),
        lastAt: new Date(),
        events: 5,
        errors: 1,
        rootDestination: ids.orders,
        serviceIds: [],
        destinationIds: [ids.orders],
        typeIds: [],
      },
    });
    const dlt = await world.createTopic("orders-dlt", 1);
    await producer.send({ topic: "orders-dlt", messages: [{ key: "c-0", value: '{"order":2}' }] });
    await producer.disconnect();
    await prisma.destination.update({ where: { id: dlt }, data: { role: "dead_letter" } });
    await prisma.failure.create({
      data: {
        clusterId: cluster.id,
        destinationId: dlt,
        partition: 0,
        position: 0n,
        failedAt: new Date(),
        format: "spring",
        fingerprint: "fp-of-orders",
        title: "it broke",
        storedAt: new Date(),
        originalDestination: "orders",
        originalDestinationId: ids.orders,
        originalPartition: 0,
        originalPosition: 1n,
        groupName: "payments",
        key: "c-0",
        traceId: UUID,
      },
    });
  });

  it("a stretch by offsets: what the log still holds, and says what it does not", async () => {
    const admin = world.kafka.admin();
    await admin.fetchTopicOffsets("orders");
    await admin.deleteTopicRecords({ topic: "orders", partitions: [{ partition: 1, offset: "2" }] });
    await admin.disconnect();
    const { preview, positions } = await chosen(
      asked({ by: "range", cluster: "kafka", topic: "orders", from: { offset: "1" }, to: { offset: "3" } }),
    );
    assert.deepEqual(positions, ["orders/0/1", "orders/0/2", "orders/0/3", "orders/1/2", "orders/1/3"]);
    assert.deepEqual(
      [preview.plainItems, preview.excluded],
      [5, [{ reason: "No longer in its topic: retention has taken it", items: 1 }]],
    );
    assert.match(preview.cli, /-t orders -p 0 -o 1 -c 3 -e .* -p 0 -K/);
  });

  it("a stretch by time, of one partition, to its end", async () => {
    const { positions } = await chosen(
      asked({
        by: "range",
        cluster: "kafka",
        topic: "orders",
        partitions: [0],
        from: { at: new Date(BEGAN_MS + 4000).toISOString() },
      }),
    );
    assert.deepEqual(positions, ["orders/0/2", "orders/0/3", "orders/0/4"]);
  });

  for (const [select, words] of [
    [
      { by: "range", cluster: "kafka", topic: "orders", from: { offset: "900" } },
      /^Nothing lies in this stretch of orders\. Partition 0 holds offsets 0 to 5/,
    ],
    [
      { by: "range", cluster: "kafka", topic: "orders", partitions: [7], from: { offset: "0" } },
      /^orders has no partition 7: it has 2, from 0 to 1\.$/,
    ],
    [{ by: "range", cluster: "kafka", topic: "nowhere", from: { offset: "0" } }, /^There is no topic nowhere on kafka/],
    [{ by: "key", cluster: "kafka", key: "nobody" }, /^No event with the key nobody is kept on kafka\.$/],
    [{ by: "trace", traceId: "f".repeat(32), failedOnly: false }, /no event is kept/],
  ] as const satisfies readonly (readonly [ReplaySelection, RegExp])[]) {
    it(`nothing, in words: ${words.source}`, async () => assert.match(await refusal(asked(select)), words));
  }

  it("a key's events of every topic, in the order of time when they go to one", async () => {
    const byKey: ReplaySelection = { by: "key", cluster: "kafka", key: "c-0" };
    assert.deepEqual((await chosen(asked(byKey, { how: "sandbox", topic: "debug-key", create: true }))).positions, [
      "orders/0/0",
      "refunds/0/0",
      "orders/0/1",
    ]);
    assert.deepEqual((await chosen(asked({ ...byKey, topics: ["refunds"] }))).positions, ["refunds/0/0"]);
  });

  it("a trace: each event as it was published and no replay's copy; or its dead letters alone", async () => {
    const whole = await chosen(asked({ by: "trace", traceId: TRACE, failedOnly: false }));
    assert.deepEqual(whole.positions, ["orders/0/0", "orders/0/1", "orders/1/2", "refunds/0/0"]);
    assert.deepEqual(whole.preview.excluded, [{ reason: "Itself a copy that an earlier replay has sent", items: 1 }]);
    assert.deepEqual((await chosen(asked({ by: "trace", traceId: TRACE, failedOnly: true }))).positions, [
      "orders-dlt/0/0",
    ]);
  });

  it("a fingerprint's dead letters of one key, group and time", async () => {
    const of = (more: object) => refusal(asked({ by: "fingerprint", fingerprint: "fp-of-orders", ...more }));
    assert.equal(await of({ group: "payments", key: "c-0", from: new Date(Date.now() - 60_000).toISOString() }), "");
    for (const more of [{ group: "olf" }, { key: "c-1" }, { to: new Date(Date.now() - 60_000).toISOString() }])
      assert.match(await of(more), /^None of these dead letters/);
  });

  it("checks: what the target refuses is left out, what may go wrong is said", async () => {
    const { prisma } = world.database;
    const admin = world.kafka.admin();
    await createTopicOn(admin, "small", 1, { "max.message.bytes": "1500" });
    await admin.disconnect();
    const { clusterId } = await prisma.destination.findUniqueOrThrow({ where: { id: ids.orders } });
    await prisma.destination.create({ data: { clusterId, name: "small", partitionCount: 1 } });
    const small = await chosen({
      ...asked({ by: "range", cluster: "kafka", topic: "refunds", from: { offset: "0" } }),
      targetTopic: "small",
    });
    assert.deepEqual(
      [small.positions, small.preview.excluded, small.preview.checks?.size],
      [
        ["refunds/0/0"],
        [{ reason: "Larger than the largest record its target topic takes (max.message.bytes)", items: 1 }],
        [{ topic: "small", maxBytes: 1500 }],
      ],
    );
    const edit = await editReplayItem(
      world.deps,
      { id: small.id, seq: 0 },
      {
        body: randomBytes(2000).toString("base64"),
        format: "text",
        setHeaders: [],
        removeHeaders: [],
        despiteSchema: false,
      },
      OPERATOR,
    );
    assert.match(edit.ok ? "" : edit.error.message, /^With that the event is larger than small takes: 1,500 bytes/);

    const broken = await chosen(
      asked({ by: "range", cluster: "kafka", topic: "orders", partitions: [1], from: { offset: "3" } }),
    );
    assert.deepEqual(broken.preview.checks?.bodies, { checked: 2, notChecked: 0, brokenJson: 1 });

    const group = await prisma.consumerGroup.create({
      data: { clusterId, name: "payments", firstSeenAt: new Date(0) },
    });
    const failed = asked({
      by: "range",
      cluster: "kafka",
      topic: "orders",
      partitions: [0],
      from: { offset: "1" },
      to: { offset: "1" },
    });
    const code = async () =>
      (await chosen(failed)).preview.checks?.code.map(({ group: name, state }) => `${name} ${state}`);
    assert.deepEqual(await code(), ["payments same"]);
    await prisma.groupEvent.create({ data: { groupId: group.id, kind: "deploy", at: new Date(Date.now() + 600_000) } });
    assert.deepEqual(await code(), ["payments newer"]);
    await prisma.consumerGroup.delete({ where: { id: group.id } });

    const { id } = await chosen(
      asked({
        by: "range",
        cluster: "kafka",
        topic: "orders",
        partitions: [0],
        from: { offset: "0" },
        to: { offset: "0" },
      }),
    );
    await prisma.replayItem.updateMany({ where: { runId: id }, data: { status: "sent" } });
    assert.deepEqual(
      (
        await chosen(
          asked({
            by: "range",
            cluster: "kafka",
            topic: "orders",
            partitions: [0],
            from: { offset: "0" },
            to: { offset: "2" },
          }),
        )
      ).preview.checks?.sentBefore,
      [{ run: id, items: 1, leftOut: false }],
    );
  });

  it("a sandbox that nobody reads: created when it is run, sent to by key, with no outcome to wait for", async () => {
    const { prisma } = world.database;
    const select: ReplaySelection = { by: "trace", traceId: TRACE, failedOnly: false };
    assert.match(
      await refusal(asked(select, { how: "sandbox", topic: "debug", create: false })),
      /^There is no topic debug\. Have it created .* --create --topic debug --partitions 2$/,
    );
    assert.match(
      await refusal(asked(select, { how: "sandbox", topic: "orders", create: false })),
      /^orders is a topic these events come from/,
    );
    const { id, preview } = await chosen(asked(select, { how: "sandbox", topic: "debug", create: true }));
    assert.deepEqual([preview.createTopic, preview.canary.items], [{ topic: "debug", partitions: 2 }, 0]);
    const run = await runReplay(world.deps, id, WHY, OPERATOR);
    assert.ok(run.ok, run.ok ? "" : run.error.message);
    const runner = world.startRunner();
    const done = await ended(world, id);
    await killNow(runner);
    await settleOutcomes(prisma, { runId: id, sentWithinHours: 24, limit: 100 });
    const after = await see(world, id);
    assert.deepEqual(
      [
        after.row.status,
        after.row.sandbox,
        after.outcomes.notApplicable,
        after.items.items.map(({ outcome }) => outcome),
      ],
      ["completed", "debug", 5, Array.from({ length: 5 }, () => "not_applicable")],
    );
    const records = await world.readAll("debug");
    assert.deepEqual(
      records.filter(({ key }) => text(key) === "c-0").map(({ value }) => text(value)),
      ['{"order":0}', '{"refund":1}', '{"order":2}'],
      "one partition for the key, in the order of time",
    );
    assert.equal(
      await prisma.failure.count({ where: { fingerprint: "fp-of-orders", status: "open" } }),
      1,
      "nothing counts as replayed",
    );
    assert.deepEqual(
      done.log.map(({ action }) => action),
      ["choose", "create_topic", "run"],
    );

    const { id: debugId, clusterId } = await prisma.destination.upsert({
      where: { clusterId_name: { clusterId: (await prisma.cluster.findFirstOrThrow()).id, name: "debug" } },
      create: { clusterId: (await prisma.cluster.findFirstOrThrow()).id, name: "debug", partitionCount: 2 },
      update: {},
    });
    const draft = await chosen(asked(select, { how: "sandbox", topic: "debug", create: false }));
    const reader = await prisma.consumerGroup.create({ data: { clusterId, name: "late-reader" } });
    await prisma.groupPartition.create({
      data: { groupId: reader.id, destinationId: debugId, partition: 0, committedOffset: 0n },
    });
    assert.match(
      await refusal(asked(select, { how: "sandbox", topic: "debug", create: false })),
      /^debug is no sandbox: late-reader reads it and would get the events\./,
    );
    const late = await runReplay(world.deps, draft.id, WHY, OPERATOR);
    assert.match(
      late.ok ? "" : late.error.message,
      /^debug is no sandbox/,
      "nor may anybody have begun to read it since the preview",
    );
    await prisma.consumerGroup.delete({ where: { id: reader.id } });
  });
});
