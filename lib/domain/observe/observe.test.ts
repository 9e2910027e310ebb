import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aRecord } from "../message/a-record.test-data.ts";
import type { Observation } from "./observation.ts";
import { observe } from "./observe.ts";
import { NO_RULES } from "./no-rules.test-data.ts";
import { OBSERVE_CASES } from "./observe.test-data.ts";

describe("observe", () => {
  for (const { why, record, rules, expected } of OBSERVE_CASES) {
    it(why, () => {
      const observation = observe(aRecord(record), { ...NO_RULES, ...rules });
      for (const [field, value] of Object.entries(expected))
        assert.deepEqual(observation[field as keyof Observation], value, field);
    });
  }
});
