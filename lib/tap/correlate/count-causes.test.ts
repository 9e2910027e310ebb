import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { indexSubscriptions } from "#lib/domain/correlation/subscriptions.ts";
import type { CorrelatedEvent } from "#lib/store/correlation/events-read.ts";
import { CausePriorsMemory } from "./cause-priors.ts";
import { countCauses } from "./count-causes.ts";

const [ORDERS, STOCK, PAYMENTS] = [1, 2, 3];
const [payments, inventory] = [1, 2];
const subscriptions = indexSubscriptions([
  { groupId: 10, serviceId: payments, destinationId: ORDERS },
  { groupId: 10, serviceId: payments, destinationId: STOCK },
  { groupId: 20, serviceId: inventory, destinationId: PAYMENTS },
]);

function event(trace: number, destinationId: number, atMs: number, serviceId: number | null): CorrelatedEvent {
  return {
    id: `${trace}/${destinationId}`,
    occurredAtMs: atMs,
    destinationId,
    typeId: destinationId,
    serviceId,
    ownTrace: `${trace}`,
    traceUuid: `${trace}`,
    aliasUuid: null,
    spanId: null,
    parentSpanId: null,
    messageRef: null,
    causeRef: null,
    storedAtMs: 1000 + atMs,
    partition: 0,
    position: BigInt(trace),
    isError: false,
    isErrorEvent: false,
    producerId: null,
  };
}
const placed = (trace: number) => event(trace, ORDERS, 0, null);
const stockOut = (trace: number) => event(trace, STOCK, 5, inventory);
const refunded = (trace: number) => event(trace, PAYMENTS, 9, payments);

function pass(priors: CausePriorsMemory, window: readonly CorrelatedEvent[], rest: readonly CorrelatedEvent[] = []) {
  const events = new Map([...rest, ...window].map((event) => [event.id, event]));
  const { causes } = countCauses(events, new Set(window.map(({ id }) => id)), subscriptions, priors, new Set());
  return causes
    .filter(({ toDestinationId }) => toDestinationId === PAYMENTS)
    .map(({ fromDestinationId, events: count }) => `${fromDestinationId} ×${count}`);
}

describe("countCauses", () => {
  it("learns nothing for good from traces whose causes came late", () => {
    const traces = Array.from({ length: 20 }, (_, i) => i);
    const priors = new CausePriorsMemory();
    assert.deepEqual(pass(priors, [...traces.map(placed), ...traces.map(refunded)]), [`${ORDERS} ×20`]);
    assert.deepEqual(pass(priors, traces.map(stockOut), [...traces.map(placed), ...traces.map(refunded)]), [
      `${STOCK} ×20`,
      `${ORDERS} ×-20`,
    ]);
    assert.deepEqual(pass(priors, [placed(99), stockOut(99), refunded(99)]), [`${STOCK} ×1`]);
  });

  it("keeps what it learned from whole traces", () => {
    const traces = Array.from({ length: 20 }, (_, i) => i);
    const priors = new CausePriorsMemory();
    pass(priors, [...traces.map(placed), ...traces.map(refunded)]);
    assert.deepEqual(pass(priors, [placed(99), stockOut(99), refunded(99)]), [`${ORDERS} ×1`]);
  });

  it("counts an effect anew when its cause is stored last, also in the same millisecond", () => {
    const priors = new CausePriorsMemory();
    const late = { ...stockOut(7), occurredAtMs: 9, id: "7/0" };
    assert.deepEqual(pass(priors, [placed(7), refunded(7)]), [`${ORDERS} ×1`]);
    assert.deepEqual(pass(priors, [late], [placed(7), refunded(7)]), [`${STOCK} ×1`, `${ORDERS} ×-1`]);
    assert.deepEqual(pass(priors, [event(7, 9, 8, null)], [placed(7), late, refunded(7)]), []);
  });

  it("lets an effect wait that was stored before its cause, and whose publisher is not known to read anything", () => {
    const none = indexSubscriptions([]);
    const priors = new CausePriorsMemory();
    const openAfter = (window: readonly CorrelatedEvent[], rest: readonly CorrelatedEvent[]) => {
      const events = new Map([...rest, ...window].map((one) => [one.id, one]));
      const ids = new Set(window.map(({ id }) => id));
      return countCauses(events, ids, none, priors, new Set()).open.map(({ id }) => id);
    };
    assert.deepEqual(openAfter([refunded(7)], []), [], "nothing came before it");
    assert.deepEqual(openAfter([placed(7)], [refunded(7)]), [refunded(7).id]);
    const [events, waiting] = [[placed(7), refunded(7)], new Set([refunded(7).id])];
    const known = countCauses(new Map(events.map((one) => [one.id, one])), new Set(), subscriptions, priors, waiting);
    assert.deepEqual(
      known.causes.map(({ toDestinationId, events: count }) => [toDestinationId, count]),
      [[PAYMENTS, 1]],
    );
  });
});
