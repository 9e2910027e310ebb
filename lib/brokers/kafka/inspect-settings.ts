/** The settings of topics that decide how long their records are kept and how large they may be. */
import { ConfigResourceTypes, describeConfigsV4 } from "@platformatic/kafka";
import type { LogSettings } from "../ports/log-inspector.ts";
import { type Requests } from "./inspect-requests.ts";
import { chunksOf } from "./per-broker.ts";

const TOPICS_PER_CONFIG_REQUEST = 500;

/** By topic; topics whose settings cannot be read are left out. */
export async function readSettings(requests: Requests, topics: readonly string[]): Promise<Map<string, LogSettings>> {
  const settings = new Map<string, LogSettings>();
  for (const chunk of chunksOf(topics, TOPICS_PER_CONFIG_REQUEST)) {
    const { results } = await requests.toAny(
      describeConfigsV4.api,
      chunk.map((topic) => ({
        resourceType: ConfigResourceTypes.TOPIC,
        resourceName: topic,
        configurationKeys: ["cleanup.policy", "retention.ms", "retention.bytes", "max.message.bytes"],
      })),
      false,
      false,
    );
    for (const { resourceName, configs, errorCode } of results) {
      if (errorCode !== 0) continue;
      const value = (name: string) => configs.find((config) => config.name === name)?.value ?? null;
      settings.set(resourceName, {
        cleanupPolicy: value("cleanup.policy"),
        retentionMs: limitOf(value("retention.ms")),
        retentionBytes: limitOf(value("retention.bytes")),
        maxMessageBytes: value("max.message.bytes") === null ? null : Number(value("max.message.bytes")),
      });
    }
  }
  return settings;
}

/** Kafka has -1 for "no limit". */
function limitOf(value: string | null): bigint | null {
  return value === null || !/^\d{1,19}$/.test(value) ? null : BigInt(value);
}
