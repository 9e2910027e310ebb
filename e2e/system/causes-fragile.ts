/** A broker with two disks, one of which can be removed. */
import fs from "node:fs/promises";
import path from "node:path";
import { Kafka, logLevel, type Admin } from "kafkajs";
import { exists } from "#lib/demo/stack/exists.ts";
import { startKafka } from "#lib/demo/stack/kafka.ts";
import { openLeash } from "#lib/demo/stack/leash.ts";
import { temporaryFolder } from "#e2e/stack/stack.ts";
import { createTopics } from "./create-topics.ts";

export interface FragileKafka {
  readonly brokers: readonly string[];
  /** two partitions, one on each disk */
  readonly torn: string;
  /** one partition, on the disk that stays */
  readonly whole: string;
  loseDisk(): Promise<void>;
  /** Ends the broker as a power cut would. */
  cutPower(): Promise<void>;
  /** Brings the disk back and starts the broker again. */
  repair(): Promise<void>;
  close(): Promise<void>;
}

const MOST_FILLERS = 6;

/** null where the broker does not run in a process of ours. */
export async function openFragileKafka(): Promise<FragileKafka | null> {
  const folder = await temporaryFolder("fragile");
  const leash = openLeash();
  const close = async () => {
    await leash.close();
    await folder.remove();
  };
  try {
    const disks = { stays: path.join(folder.dir, "data"), goes: path.join(folder.dir, "more") };
    const kafka = await startKafka({
      leash,
      stateDir: folder.dir,
      logFile: path.join(folder.dir, "kafka.log"),
      isShortLived: true,
      settings: {
        "log.dirs": `${disks.stays},${disks.goes}`,
        "offsets.topic.num.partitions": "1",
        "transaction.state.log.num.partitions": "1",
        // written often, so that a lost disk is noticed soon
        "log.flush.offset.checkpoint.interval.ms": "1000",
        "log.flush.start.offset.checkpoint.interval.ms": "1000",
      },
    });
    if (kafka.how !== "java") {
      await close();
      return null;
    }
    const admin = new Kafka({ clientId: "operator", brokers: kafka.brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const whole = await layOut(admin, disks);
    await admin.disconnect();
    const gone = `${disks.goes}.gone`;
    return {
      brokers: kafka.brokers,
      torn: "parcels",
      whole,
      close,
      loseDisk: () => fs.rename(disks.goes, gone),
      cutPower: () => kafka.kill9(),
      repair: async () => {
        await fs.rm(disks.goes, { recursive: true, force: true });
        await fs.rename(gone, disks.goes);
        // After a kill the broker first recovers its logs. On a busy machine that may take longer than the start is
        // allowed to.
        await kafka.restart().catch(() => kafka.restart());
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Kafka puts a new partition on the disk with the fewest. Filler topics steer the next one, because the topic of the
 * groups must be on the disk that stays.
 */
async function layOut(admin: Admin, disks: { readonly stays: string; readonly goes: string }): Promise<string> {
  await createTopics(admin, [{ topic: "parcels", numPartitions: 2 }]);
  const stays: string[] = [];
  // Of two equal disks the broker takes always the same one: as soon as a filler has gone to the one that goes,
  // the next stays.
  for (let i = 0; i < MOST_FILLERS; i++) {
    const topic = `letters-${i}`;
    await createTopics(admin, [{ topic, numPartitions: 1 }]);
    if (!(await isThere(disks.goes, topic))) stays.push(topic);
    else if (stays.length > 0) break;
  }
  // Asking for a group makes the groups' topic.
  await admin.describeGroups(["nobody"]);
  if (!(await isThere(disks.stays, "__consumer_offsets")))
    throw new Error("the groups' topic does not lie on the disk that stays");
  return stays[0] ?? "";
}

const isThere = (disk: string, topic: string): Promise<boolean> => exists(path.join(disk, `${topic}-0`));
