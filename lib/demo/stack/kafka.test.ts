import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { asImageEnvironment, asProperties } from "./kafka-settings.ts";

describe("starting Kafka", () => {
  it("names the three ways to get Kafka if there is neither Docker nor Java", async (t) => {
    const dir = await fs.mkdtemp(path.join(os.tmpdir(), "flowtap-no-kafka-"));
    t.after(() => fs.rm(dir, { recursive: true, force: true }));
    const script = `
      import { startKafka } from ${JSON.stringify(path.join(import.meta.dirname, "kafka.ts"))};
      import { openLeash } from ${JSON.stringify(path.join(import.meta.dirname, "leash.ts"))};
      const leash = openLeash();
      const options = { leash, stateDir: process.env.DIR, logFile: process.env.DIR + "/kafka.log" };
      await startKafka(options).catch((error) => console.log(error.message));
      await leash.close();`;
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      env: { ...process.env, PATH: dir, DIR: dir },
      encoding: "utf8",
    });
    assert.match(
      output,
      new RegExp(
        [
          "^Kafka cannot be started here\\. Any one of these will do:",
          " {2}1\\. set KAFKA_BROKERS=.*",
          " {2}2\\. start Docker .*",
          " {2}3\\. install Java 17 or newer, and Maven\n$",
        ].join("\n"),
      ),
    );
  });
});

describe("settings of a broker", () => {
  const settings = {
    "listener.name.a.scram-sha-256.sasl.jaas.config": 'required p="a\\b";',
    "log.dirs": "/d",
    pem: "one\ntwo",
    odd_name: "ü",
  };

  it("as a properties file, which is Latin-1 and knows escapes", () => {
    assert.equal(
      asProperties(settings),
      [
        'listener.name.a.scram-sha-256.sasl.jaas.config=required p="a\\\\b";',
        "log.dirs=/d",
        "pem=one\\ntwo",
        "odd_name=\\u00fc",
        "",
      ].join("\n"),
    );
  });

  it("as the official image's environment: a dot as _, _ as __, a dash as ___", () => {
    assert.deepEqual(Object.keys(asImageEnvironment(settings)), [
      "KAFKA_LISTENER_NAME_A_SCRAM___SHA___256_SASL_JAAS_CONFIG",
      "KAFKA_LOG_DIRS",
      "KAFKA_PEM",
      "KAFKA_ODD__NAME",
    ]);
  });
});
