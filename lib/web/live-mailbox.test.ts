import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openMailbox } from "./live-mailbox.ts";

describe("mailbox of one browser", () => {
  it("keeps the latest frame of each kind for a slow reader, and every noun that changed", async () => {
    const mailbox = openMailbox(() => undefined);
    for (let i = 0; i < 1000; i++) {
      mailbox.put("pulse", `p${i}`);
      mailbox.put("flow", `f${i}`);
      mailbox.changed([i % 2 === 0 ? "groups" : "traces"]);
    }
    const frames = [await mailbox.next(), await mailbox.next(), await mailbox.next()].map(
      ({ value }) => value?.text ?? value?.data,
    );
    assert.deepEqual(frames, ["p999", "f999", { nouns: ["groups", "traces"] }]);
  });
  it("wakes a waiting reader", async () => {
    const mailbox = openMailbox(() => undefined);
    const waiting = mailbox.next();
    mailbox.put("pulse", "p");
    assert.equal((await waiting).value?.text, "p");
  });
  it("ends a waiting reader when it is closed, and says so once", async () => {
    let closed = 0;
    const mailbox = openMailbox(() => (closed += 1));
    const waiting = mailbox.next();
    mailbox.close();
    mailbox.close();
    assert.equal((await waiting).done, true);
    assert.equal(closed, 1);
  });
});
