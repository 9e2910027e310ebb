import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openRandom } from "#e2e/stack/seed.ts";
import { FollowingCommits, type WriteSeen } from "./following-commits.ts";

const [OWN, AUDIT, MAIL] = [1, 2, 3];
const random = openRandom("following commits", () => undefined);

/** A group that commits an event so long after it came; the event's effect was written `writtenAfterMs` after it. */
function seen(writtenAfterMs: number, commitAfterMs: number): WriteSeen {
  const committedAfterMs = commitAfterMs - writtenAfterMs;
  return committedAfterMs < 0
    ? { candidates: 1, excluded: 1, followed: null }
    : { candidates: 1, excluded: 0, followed: { writtenAfterMs, committedAfterMs } };
}

function groupOf(writes: number, commitsAfter: Readonly<Record<number, (writtenAfterMs: number) => number>>) {
  const commits = new FollowingCommits();
  for (let i = 0; i < writes; i++) {
    const writtenAfterMs = 3 + Math.round(random() * 60);
    for (const [group, commitAfter] of Object.entries(commitsAfter))
      commits.add(Number(group), seen(writtenAfterMs, commitAfter(writtenAfterMs)));
  }
  return commits.group;
}

const own = (writtenAfterMs: number) => writtenAfterMs + 2 + Math.round(random() * 3);
const audit = () => 5 + Math.round(random() * 20);
const mail = () => 90 + Math.round(random() * 100);

describe("the group whose commits follow a producer's writes", () => {
  it("is the only one that is never too early, and keeps to the writes", () => {
    assert.equal(groupOf(200, { [OWN]: own, [AUDIT]: audit }), OWN);
  });

  it("is not known after a few writes", () => {
    assert.equal(groupOf(50, { [OWN]: own, [AUDIT]: audit }), null);
  });

  it("is known beside one that is always later, in a time of its own", () => {
    assert.equal(groupOf(500, { [OWN]: own, [MAIL]: mail, [AUDIT]: audit }), OWN);
  });

  it("is not known beside another that could be it", () => {
    assert.equal(groupOf(500, { [OWN]: own, [MAIL]: (ms) => own(ms) + 20 }), null);
    const halfBound = (ms: number) => ms / 2 + 70 + Math.round(random() * 20);
    assert.equal(groupOf(500, { [OWN]: own, [MAIL]: halfBound }), null);
  });

  it("is not one that is always later and has nothing to do with the writes", () => {
    assert.equal(groupOf(500, { [AUDIT]: audit, [MAIL]: mail }), null);
    assert.equal(groupOf(500, { [MAIL]: () => 5000 * random() + 70 }), null);
  });

  it("is not one that at times commits before the write", () => {
    assert.equal(groupOf(500, { [OWN]: (ms) => (random() < 0.03 ? ms - 2 : own(ms)), [AUDIT]: audit }), null);
  });

  it("is not known where all takes the same time", () => {
    const commits = new FollowingCommits();
    for (let i = 0; i < 500; i++) commits.add(OWN, seen(5, 7));
    assert.equal(commits.group, null);
  });

  it("is not one that reads nothing of what came before", () => {
    const commits = new FollowingCommits();
    for (let i = 0; i < 500; i++) commits.add(OWN, { candidates: i % 10 === 0 ? 0 : 1, excluded: 0, followed: null });
    assert.equal(commits.group, null);
  });
});
