import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KafkaClusterConfig } from "#lib/config/cluster.ts";
import { parseAddress } from "./address.ts";

const isAccepted = (broker: string): boolean => KafkaClusterConfig.safeParse({ name: "a", brokers: [broker] }).success;

describe("a broker's address", () => {
  for (const [address, host, port] of [
    ["kafka-1.example.com:9092", "kafka-1.example.com", 9092],
    ["10.0.0.1:9093", "10.0.0.1", 9093],
    ["[::1]:9092", "::1", 9092],
    ["[fe80::1%eth0]:9092", "fe80::1%eth0", 9092],
  ] as const)
    it(`may be ${address}`, () => {
      assert.ok(isAccepted(address));
      assert.deepEqual(parseAddress(address), { host, port });
    });
  for (const address of ["kafka", "::1:9092", "[::1]", "[kafka]:9092", "a b:1", "kafka:port", ":9092"])
    it(`may not be ${address}`, () => assert.ok(!isAccepted(address)));
});
