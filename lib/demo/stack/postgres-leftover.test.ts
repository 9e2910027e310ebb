import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { onceChildrenEnded } from "./postgres-leftover.ts";
import { NotStarted } from "./wait.ts";

const REFUSED = `postgres ended while starting (code 1)
LOG:  database system is ready to accept connections
FATAL:  pre-existing shared memory block (key 10207243, ID 655384) is still in use
HINT:  Terminate any old server processes associated with data directory "/data".`;

/** A start that fails with each of the messages in turn, and then succeeds. */
function failing(messages: readonly string[]) {
  let starts = 0;
  const start = () => {
    const message = messages[starts++];
    return message === undefined ? Promise.resolve("started") : Promise.reject(new NotStarted(message));
  };
  return { start, starts: () => starts };
}

describe("a start after a killed server", () => {
  it("is tried again while the old server's children hold its memory", async () => {
    const { start, starts } = failing([REFUSED, REFUSED]);
    assert.equal(await onceChildrenEnded(start), "started");
    assert.equal(starts(), 3);
  });

  it("is given up after the time allowed", async () => {
    const { start, starts } = failing([REFUSED, REFUSED, REFUSED]);
    await assert.rejects(onceChildrenEnded(start, 0), NotStarted);
    assert.ok(starts() <= 2);
  });

  it("fails at once for any other reason, whatever an earlier start was refused for", async () => {
    const { start, starts } = failing([`${REFUSED}\nFATAL:  could not create any TCP/IP sockets`]);
    await assert.rejects(onceChildrenEnded(start), NotStarted);
    assert.equal(starts(), 1);
  });
});
