import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { routesOf } from "./routes.ts";

const binding = (source: string, destination: string, type: "queue" | "exchange") => ({
  source,
  destination,
  destination_type: type,
  routing_key: "#",
  arguments: {},
});
const words = (...bindings: readonly ReturnType<typeof binding>[]) =>
  routesOf(bindings).map(({ destination, group }) => `${destination} → ${group}`);

describe("routes", () => {
  it("lead through exchanges behind exchanges, also in a circle, to each queue once", () =>
    assert.deepEqual(
      words(
        binding("orders", "all", "exchange"),
        binding("orders", "mail", "queue"),
        binding("orders", "mail", "queue"),
        binding("all", "audit", "queue"),
        binding("all", "orders", "exchange"),
      ),
      ["exchange:orders → mail", "exchange:orders → audit", "exchange:all → audit", "exchange:all → mail"],
    ));

  it("leave out the default exchange and Flowtap's own streams", () =>
    assert.deepEqual(words(binding("", "mail", "queue"), binding("orders", "flowtap.tap.orders", "queue")), []));
});
