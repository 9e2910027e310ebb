import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { offsetResetCommand, redriveCommand } from "./command-line.ts";
import { skipCommand } from "./skip-command.ts";
import type { ResetTarget } from "./offset-reset.ts";

const partitions = [
  { topic: "orders", partition: 2, to: 7n },
  { topic: "orders", partition: 0, to: 5n },
  { topic: "refunds", partition: 1, to: 0n },
];
const TARGETS: readonly [ResetTarget, string][] = [
  [{ how: "earliest" }, "--to-earliest"],
  [{ how: "latest" }, "--to-latest"],
  [{ how: "timestamp", at: "2026-01-01T00:00:00.000Z" }, "--to-datetime 2026-01-01T00:00:00.000Z"],
  [{ how: "offset", offset: 12n }, "--to-offset 12"],
  [{ how: "shift", by: -3n }, "--shift-by -3"],
];

describe("offsetResetCommand", () => {
  for (const [target, option] of TARGETS) {
    it(`says ${option}`, () => {
      const group = "--bootstrap-server a:9092,b:9092 --group payments";
      assert.equal(
        offsetResetCommand({ brokers: ["a:9092", "b:9092"], group: "payments", partitions, target }),
        `kafka-consumer-groups.sh ${group} --topic orders:0,2 --topic refunds:1 --reset-offsets ${option} --execute`,
      );
    });
  }
  it("hands offsets that differ per partition over in a file", () => {
    const file = "cat > offsets.csv <<'CSV'\norders,2,7\norders,0,5\nrefunds,1,0\nCSV";
    const group = "--bootstrap-server a:9092 --group payments";
    for (const target of [{ how: "offsets" }, { how: "group", group: "audit" }] as const) {
      assert.equal(
        offsetResetCommand({ brokers: ["a:9092"], group: "payments", partitions, target }),
        `${file}\nkafka-consumer-groups.sh ${group} --reset-offsets --from-file offsets.csv --execute`,
      );
    }
  });
  it("keeps a hostile group name one word of the shell", () => {
    assert.match(
      offsetResetCommand({ brokers: ["a:1"], group: "x'; rm -rf $HOME\n", partitions, target: { how: "latest" } }),
      /--group 'x'\\''; rm -rf \$HOME\n' --topic/,
    );
  });
});

describe("skipCommand", () => {
  it("copies the event, then moves the group", () => {
    assert.match(
      skipCommand({
        brokers: ["a:1"],
        group: "payments",
        topic: "orders",
        partition: 3,
        offset: 7n,
        to: 8n,
        deadLetterTopic: "orders-dlt",
      }),
      /^# .+\nkcat -C -b a:1 -t orders -p 3 -o 7 .+ -t orders-dlt .+\nkafka-consumer-groups\.sh --bootstrap-server a:1 --group payments --topic orders:3 --reset-offsets --to-offset 8 --execute$/,
    );
  });
});

describe("redriveCommand", () => {
  it("keeps notes what they are, whatever they hold", () => {
    assert.deepEqual(redriveCommand(["a:1"], [], ["orders is read by x\nrm -rf /\u2028y"]).split("\n").slice(1), [
      "# orders is read by x rm -rf / y.",
    ]);
  });
  const item = {
    sourceTopic: "orders-dlt",
    sourcePartition: 1,
    sourceOffset: 7n,
    targetTopic: "orders",
    targetPartition: 3,
  };
  const lines = (...items: Parameters<typeof redriveCommand>[1]) => redriveCommand(["a:1"], items).split("\n").slice(1);
  it("copies records back to their partition and says what is lost", () => {
    const text = redriveCommand(["a:1"], [item]);
    assert.match(text, /^# kcat copies key and value only/);
    assert.match(
      text,
      /kcat -C -b a:1 -t orders-dlt -p 1 -o 7 -c 1 -e -K '\\t' \| kcat -P -b a:1 -t orders -p 3 -K '\\t'$/,
    );
  });
  it("places by key as Java clients do, where no partition is known", () =>
    assert.match(
      lines({ ...item, targetPartition: null })[0] ?? "",
      / -t orders -X topic\.partitioner=murmur2_random -K/,
    ));
  it("takes neighbours in one line, and nothing that is not sent", () => {
    const at = (sourceOffset: bigint, own: Partial<typeof item> = {}) => ({ ...item, sourceOffset, ...own });
    assert.deepEqual(
      lines(at(7n), at(8n), at(9n), at(11n), at(12n, { targetPartition: 4 }), at(13n, { sourcePartition: 2 })).map(
        (line) => / -o \d+ -c \d+/.exec(line)?.[0],
      ),
      [" -o 7 -c 3", " -o 11 -c 1", " -o 12 -c 1", " -o 13 -c 1"],
    );
  });
  it("stays short", () => {
    assert.match(
      redriveCommand(
        ["a:1"],
        Array.from({ length: 1204 }, () => item),
      ),
      /# … and 1194 more$/,
    );
  });
});
