import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CAUSES } from "./cause.ts";
import { isBad, severityOf, verdictWith } from "./verdict.ts";

describe("severityOf", () => {
  it("sorts stuck before failing before warning before ok", () => {
    assert.deepEqual(
      [
        severityOf("stalled", 0),
        severityOf("ok", 1),
        severityOf("warning", 0),
        severityOf("ok", 0),
        severityOf("unknown", 0),
      ],
      [3, 2, 1, 0, 0],
    );
  });

  it("raises a group of which a cause is known, also while its verdict is ok", () => {
    assert.deepEqual(
      [
        severityOf("ok", 0, "data_lost"),
        severityOf("ok", 0, "not_consuming"),
        severityOf("ok", 0, "skipped_ahead"),
        severityOf("ok", 0, "rewound"),
        severityOf("warning", 3, "too_slow"),
      ],
      [3, 3, 2, 1, 2],
    );
  });
});

describe("verdictWith", () => {
  it("is at least what the cause means, and never better than the verdict", () => {
    assert.deepEqual(
      [
        verdictWith("ok", null),
        verdictWith("ok", "hung_member"),
        verdictWith("stalled", "poison_event"),
        verdictWith("ok", "too_slow"),
        verdictWith("stopped", "too_slow"),
        verdictWith("ok", "data_lost"),
      ],
      ["ok", "stopped", "stalled", "warning", "stopped", "warning"],
    );
  });

  for (const cause of CAUSES)
    it(`counts no group with an open cause as ok: ${cause}`, () => {
      assert.ok(isBad(verdictWith("ok", cause)) && isBad(verdictWith("unknown", cause)));
      assert.equal(verdictWith("rewound", cause), "rewound");
    });
});
