import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parkedQueues } from "./parked.ts";

const queue = (name: string, args: Record<string, unknown> = {}, policy: Record<string, unknown> = {}) => ({
  name,
  arguments: args,
  effective_policy_definition: policy,
});
const bound = (source: string, destination: string) => ({
  source,
  destination,
  destination_type: "queue",
  routing_key: "#",
  arguments: {},
});

const parked = (
  queues: readonly ReturnType<typeof queue>[],
  bindings: readonly ReturnType<typeof bound>[],
  ...consumed: readonly string[]
) => [...parkedQueues(queues, bindings, (name) => consumed.includes(name))].sort();

describe("parked queues", () => {
  it("are those behind a dead-letter exchange, by argument or by policy", () =>
    assert.deepEqual(
      parked(
        [
          queue("orders", { "x-dead-letter-exchange": "dlx" }),
          queue("mail", {}, { "dead-letter-exchange": "dlx2" }),
          queue("dead"),
          queue("dead2"),
          queue("ledger"),
        ],
        [bound("dlx", "dead"), bound("dlx2", "dead2"), bound("all", "ledger")],
      ),
      ["dead", "dead2"],
    ));

  it("are those that the default exchange leads to by a key of its own", () =>
    assert.deepEqual(
      parked(
        [
          queue("orders", { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "orders-dead" }),
          queue("mail", { "x-dead-letter-exchange": "" }),
        ],
        [],
      ),
      ["orders-dead"],
    ));

  it("are those in which messages wait for their time to pass, and not those to which they go on", () =>
    assert.deepEqual(
      parked(
        [
          queue("orders", { "x-dead-letter-exchange": "retry" }),
          queue("orders-retry", { "x-dead-letter-exchange": "again", "x-message-ttl": 5000 }),
        ],
        [bound("retry", "orders-retry"), bound("again", "orders")],
      ),
      ["orders-retry"],
    ));

  it("are none that have consumers, or had some: those are missed", () =>
    assert.deepEqual(
      parked(
        [queue("orders", { "x-dead-letter-exchange": "dlx", "x-message-ttl": 5000 }), queue("dead")],
        [bound("dlx", "dead")],
        "orders",
        "dead",
      ),
      [],
    ));
});
