/**
 * Alerts end to end: groups that stand somewhere in a real Postgres, the real loop in processes that are killed,
 * real receivers.
 */
import { after, before, describe } from "node:test";
import { testClusterAlert } from "./alert-cluster.ts";
import { testCrash } from "./alert-crash.ts";
import { testMessages } from "./alert-messages.ts";
import { testReceivers } from "./alert-retries.ts";
import { openAlertWorld } from "./alert-world.ts";

const world = openAlertWorld();
before(world.start);
after(world.stop);

// All at the same time, because most of it is waiting.
describe("what is told", { concurrency: true }, () => {
  testMessages(world);
  testClusterAlert(world);
  testReceivers(world);
});
testCrash(world);
