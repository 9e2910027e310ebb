import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { graphPart, graphPositions, timelineRows, type TraceCause, type TraceEvent } from "./trace-layout.ts";

const event = (id: string, atMs: number): TraceEvent => ({
  id,
  cluster: "c",
  topic: "t",
  partition: 0,
  offset: "1",
  occurredAt: new Date(atMs).toISOString(),
  storedAt: new Date(atMs).toISOString(),
  type: null,
  schemaVersion: null,
  service: null,
  key: null,
  traceId: null,
  traceOrigin: "traceparent",
  spanId: null,
  sizeBytes: 1,
  tombstone: false,
  deadLetter: false,
  error: false,
  replayed: false,
  fates: [],
  failureFingerprint: null,
});
const cause = (from: string, to: string, over: Partial<TraceCause> = {}): TraceCause => ({
  from,
  to,
  group: null,
  knownBy: "declared",
  confidence: 1,
  latencyMs: 1,
  ...over,
});

describe("timelineRows", () => {
  it("puts each event under its cause, siblings by time", () => {
    const rows = timelineRows({
      events: [event("c", 30), event("a", 0), event("b", 20), event("d", 25)],
      causes: [cause("a", "b"), cause("a", "c"), cause("b", "d")],
    });
    assert.deepEqual(
      rows.map((row) => `${row.event.id}${row.depth}`),
      ["a0", "b1", "d2", "c1"],
    );
  });
  it("prefers declared causes to inferred ones, whatever their confidence", () => {
    const rows = timelineRows({
      events: [event("a", 0), event("b", 1), event("c", 2)],
      causes: [cause("a", "c", { knownBy: "inferred" }), cause("b", "c", { confidence: 0.2 })],
    });
    assert.equal(rows.find((row) => row.event.id === "c")?.cause?.from, "b");
  });
  it("ignores causes whose event is not in the trace", () =>
    assert.equal(timelineRows({ events: [event("a", 0)], causes: [cause("x", "a")] })[0]?.depth, 0));
});

const anyTrace = fc.integer({ min: 1, max: 12 }).chain((n) =>
  fc.record({
    events: fc.constant(Array.from({ length: n }, (_, i) => event(`e${i}`, i))),
    causes: fc.array(
      fc.tuple(fc.nat(n - 1), fc.nat(n - 1)).map(([a, b]) => cause(`e${a}`, `e${b}`)),
      { maxLength: 30 },
    ),
  }),
);

describe("any trace, with cycles too", () => {
  it("shows every event exactly once in both pictures", () => {
    fc.assert(
      fc.property(anyTrace, (trace) => {
        const ids = trace.events.map((e) => e.id).toSorted();
        assert.deepEqual(
          timelineRows(trace)
            .map((row) => row.event.id)
            .toSorted(),
          ids,
        );
        const positions = graphPositions(trace);
        assert.deepEqual(positions.map(({ event: one }) => one.id).toSorted(), ids);
        assert.equal(
          new Set(positions.map(({ column, row }) => `${column}/${row}`)).size,
          ids.length,
          "no two events at one position",
        );
      }),
    );
  });
  it("without cycles every cause points to the right", () => {
    fc.assert(
      fc.property(anyTrace, ({ events, causes }) => {
        const forward = causes.filter((c) => Number(c.from.slice(1)) < Number(c.to.slice(1)));
        const column = new Map(
          graphPositions({ events, causes: forward }).map((position) => [position.event.id, position.column]),
        );
        for (const c of forward) assert.ok((column.get(c.from) ?? 0) < (column.get(c.to) ?? 0));
      }),
    );
  });
});

describe("graphPart", () => {
  const events = Array.from({ length: 30 }, (_, i) => event(`e${i}`, i));
  const causes = Array.from({ length: 9 }, (_, i) => cause(`e${i}`, `e${i + 1}`));
  const ids = (opened: string, most: number) =>
    graphPart({ events, causes }, opened, most).events.map(({ id }) => Number(id.slice(1)));

  it("leaves out what no cause joins to others, but the chosen one", () => {
    assert.deepEqual(ids("e0", 100), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.deepEqual(ids("e20", 100), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20]);
    assert.equal(graphPart({ events: events.slice(0, 12), causes: [] }, "e0", 100).events.length, 12);
  });
  it("shows those around the chosen one", () => {
    assert.deepEqual(ids("e5", 4), [3, 4, 5, 6]);
    assert.deepEqual(ids("e0", 4), [0, 1, 2, 3]);
    assert.deepEqual(ids("e9", 4), [6, 7, 8, 9]);
  });
});
