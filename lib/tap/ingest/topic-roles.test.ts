import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TopicRoles, type SeenRole } from "./topic-roles.ts";

const seen = (events: number, deadLetters: number, named: SeenRole["named"] = null): SeenRole => ({
  destinationId: 1,
  events,
  deadLetters,
  retries: 0,
  sourceName: "orders",
  named,
});

/** The role that each flush changes; null: none. */
function rolesAfter(flushes: readonly SeenRole[]): (string | null)[] {
  const roles = new TopicRoles();
  return flushes.map((flush) => {
    const changed = roles.changed([flush]);
    roles.committed([flush], changed);
    return changed[0]?.role ?? null;
  });
}

describe("TopicRoles", () => {
  const cases: readonly [why: string, flushes: readonly SeenRole[], expected: (string | null)[]][] = [
    ["one record with copied headers among many", [seen(600, 0), seen(500, 1)], ["event", null]],
    ["a dead-letter topic from its first record on", [seen(1, 1), seen(98, 98)], ["dead_letter", null]],
    ["the first record is the copy", [seen(1, 1), seen(2, 0)], ["dead_letter", "event"]],
    ["few ordinary events change nothing that is stored", [seen(5, 0), seen(5, 0)], [null, null]],
    ["its name counts, whatever its records are", [seen(500, 1, "dead_letter")], ["dead_letter"]],
    ["a named topic without failures is left", [seen(500, 0, "dead_letter")], [null]],
  ];
  for (const [why, flushes, expected] of cases) it(why, () => assert.deepEqual(rolesAfter(flushes), expected));

  it("forgets nothing of a flush that was not committed", () => {
    const roles = new TopicRoles();
    assert.equal(roles.changed([seen(1, 1)]).length, 1);
    assert.equal(roles.changed([seen(1, 1)]).length, 1);
  });
});
