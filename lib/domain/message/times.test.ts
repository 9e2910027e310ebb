import assert from "node:assert/strict";
import fc from "#e2e/stack/property.ts";
import { describe, it } from "node:test";
import { parseTime, parseNServiceBusTime } from "./times.ts";

describe("times", () => {
  it("reads the common form like Date.parse", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date("1000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }), (date) =>
        assert.equal(parseTime(date.toISOString()), date.getTime()),
      ),
    );
  });
  for (const text of ["2024-13-06T07:08:09.123Z", "yesterday, or so", "2024-05-06T07:08:99.123Z", "x".repeat(30), "1"])
    it(`"${text}" is no time`, () => assert.equal(parseTime(text), null));
  it("reads NServiceBus's form, with a colon before the microseconds", () =>
    assert.equal(parseNServiceBusTime("2013-09-24 09:13:21:001999 Z"), Date.UTC(2013, 8, 24, 9, 13, 21, 1)));
  it("is null for an invalid time in NServiceBus's form", () =>
    assert.equal(parseNServiceBusTime("2013-99-24 09:13:21:001999 Z"), null));
});
