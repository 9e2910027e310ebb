import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { aRecord, type HeaderRow } from "../../message/a-record.test-data.ts";
import { observe } from "../observe.ts";
import { NO_RULES } from "../rules.ts";
import { parseB3Single } from "./b3.ts";
import { parseTraceparent } from "./w3c.ts";

const T = "0af7651916cd43dd8448eb211c80319c";
const S = "b7ad6b7169203331";
const P = "00f067aa0ba902b7";
const LOW = "8448eb211c80319c";

interface Row {
  why: string;
  headers: readonly HeaderRow[];
  origin: string;
  traceId?: string | null;
  spanId?: string | null;
  parentSpanId?: string | null;
}

const rows: readonly Row[] = [
  { why: "a plain traceparent", headers: [["traceparent", `00-${T}-${S}-01`]], origin: "w3c", traceId: T, spanId: S },
  {
    why: "flags are bits: 03 says random trace id as well",
    headers: [["traceparent", `00-${T}-${S}-03`]],
    origin: "w3c",
    traceId: T,
    spanId: S,
  },
  { why: "header names have no case", headers: [["TraceParent", `00-${T}-${S}-00`]], origin: "w3c", traceId: T },
  {
    why: "of two, the last is the newest hop",
    headers: [
      ["traceparent", `00-${T}-${P}-01`],
      ["traceparent", `00-${T}-${S}-01`],
    ],
    origin: "w3c",
    spanId: S,
  },
  {
    why: "a broken last one leaves the one before it",
    headers: [
      ["traceparent", `00-${T}-${P}-01`],
      ["traceparent", "oops"],
    ],
    origin: "w3c",
    spanId: P,
  },
  {
    why: "Spring may write it as a JSON string",
    headers: [["traceparent", `"00-${T}-${S}-01"`]],
    origin: "w3c",
    traceId: T,
  },
  {
    why: "a version to come may say more",
    headers: [["traceparent", `cc-${T}-${S}-01-what-comes`]],
    origin: "w3c",
    traceId: T,
  },
  {
    why: "a version to come must separate what it adds",
    headers: [["traceparent", `cc-${T}-${S}-01x`]],
    origin: "none",
    traceId: null,
  },
  { why: "version 00 says no more", headers: [["traceparent", `00-${T}-${S}-01-more`]], origin: "none", traceId: null },
  { why: "version ff is forbidden", headers: [["traceparent", `ff-${T}-${S}-01`]], origin: "none", traceId: null },
  {
    why: "upper case is refused",
    headers: [["traceparent", `00-${T.toUpperCase()}-${S}-01`]],
    origin: "none",
    traceId: null,
  },
  {
    why: "an all-zero trace id is none",
    headers: [["traceparent", `00-${"0".repeat(32)}-${S}-01`]],
    origin: "none",
    traceId: null,
  },
  {
    why: "an all-zero span id is none",
    headers: [["traceparent", `00-${T}-${"0".repeat(16)}-01`]],
    origin: "none",
    traceId: null,
  },
  { why: "a null value is none", headers: [["traceparent", null]], origin: "none", traceId: null },

  {
    why: "B3 multi with its parent",
    headers: [
      ["X-B3-TraceId", T],
      ["X-B3-SpanId", S],
      ["X-B3-ParentSpanId", P],
      ["X-B3-Sampled", "1"],
    ],
    origin: "b3",
    traceId: T,
    spanId: S,
    parentSpanId: P,
  },
  {
    why: "B3 trace ids of 8 bytes are the low half",
    headers: [
      ["x-b3-traceid", LOW],
      ["x-b3-spanid", S],
    ],
    origin: "b3",
    traceId: "0".repeat(16) + LOW,
    spanId: S,
  },
  {
    why: "B3 single with parent",
    headers: [["b3", `${T}-${S}-1-${P}`]],
    origin: "b3",
    traceId: T,
    spanId: S,
    parentSpanId: P,
  },
  {
    why: "B3 single without parent, as Brave sends to brokers",
    headers: [["b3", `${T}-${S}-1`]],
    origin: "b3",
    traceId: T,
    spanId: S,
    parentSpanId: null,
  },
  { why: "B3 single without a decision", headers: [["b3", `${T}-${S}`]], origin: "b3", traceId: T, spanId: S },
  { why: "a bare B3 decision carries no trace", headers: [["b3", "0"]], origin: "none", traceId: null },
  {
    why: "traceparent is believed before B3",
    headers: [
      ["b3", `${P}${P}-${P}-1`],
      ["traceparent", `00-${T}-${S}-01`],
    ],
    origin: "w3c",
    traceId: T,
  },
  {
    why: "a broken traceparent leaves B3",
    headers: [
      ["traceparent", "junk"],
      ["b3", `${T}-${S}-1`],
    ],
    origin: "b3",
    traceId: T,
  },

  {
    why: "Jaeger ids are padded",
    headers: [["uber-trace-id", "1a2b:3c:0:1"]],
    origin: "jaeger",
    traceId: "1a2b".padStart(32, "0"),
    spanId: "3c".padStart(16, "0"),
    parentSpanId: null,
  },
  {
    why: "Jaeger states a parent",
    headers: [["uber-trace-id", `${T}:${S}:${P}:1`]],
    origin: "jaeger",
    traceId: T,
    spanId: S,
    parentSpanId: P,
  },
  {
    why: "Jaeger's colons may be URL-encoded",
    headers: [["uber-trace-id", `${T}%3A${S}%3A0%3A1`]],
    origin: "jaeger",
    traceId: T,
    spanId: S,
  },

  {
    why: "Datadog is decimal, its upper half a tag",
    origin: "datadog",
    traceId: T,
    spanId: S,
    headers: [
      ["x-datadog-trace-id", BigInt(`0x${LOW}`).toString()],
      ["x-datadog-parent-id", BigInt(`0x${S}`).toString()],
      ["x-datadog-tags", `_dd.p.dm=-1,_dd.p.tid=${T.slice(0, 16)}`],
    ],
  },
  {
    why: "Datadog without the tag has 64 bits",
    headers: [["x-datadog-trace-id", "255"]],
    origin: "datadog",
    traceId: "ff".padStart(32, "0"),
    spanId: null,
  },
  { why: "Datadog's zero is no trace", headers: [["x-datadog-trace-id", "0"]], origin: "none", traceId: null },
  {
    why: "more than 64 bits is not Datadog's",
    headers: [["x-datadog-trace-id", "99999999999999999999"]],
    origin: "none",
    traceId: null,
  },
  {
    why: "Datadog on SQS is one JSON attribute",
    headers: [["_datadog", '{"x-datadog-trace-id":"255","x-datadog-parent-id":"16"}']],
    origin: "datadog",
    traceId: "ff".padStart(32, "0"),
    spanId: "10".padStart(16, "0"),
  },

  {
    why: "X-Ray's root holds the trace id in two parts",
    headers: [["AWSTraceHeader", `Root=1-${T.slice(0, 8)}-${T.slice(8)};Parent=${S};Sampled=1`]],
    origin: "xray",
    traceId: T,
    spanId: S,
  },
  {
    why: "X-Ray fields come in any order",
    headers: [["X-Amzn-Trace-Id", `Sampled=0;Parent=${S};Root=1-${T.slice(0, 8)}-${T.slice(8)};Lineage=a:0`]],
    origin: "xray",
    traceId: T,
    spanId: S,
  },

  {
    why: "CloudEvents' extension is where the event was created",
    headers: [["ce_traceparent", `00-${T}-${S}-01`]],
    origin: "cloudevents",
    traceId: T,
  },
  {
    why: "AMQP spells CloudEvents with a colon",
    headers: [["cloudEvents:traceparent", `00-${T}-${S}-01`]],
    origin: "cloudevents",
    traceId: T,
  },
  {
    why: "the transport's hop is newer than the event's creation",
    headers: [
      ["ce_traceparent", `00-${T}-${P}-01`],
      ["traceparent", `00-${T}-${S}-01`],
    ],
    origin: "w3c",
    spanId: S,
  },
  {
    why: "MassTransit's activity id is a traceparent",
    headers: [["MT-Activity-Id", `00-${T}-${S}-01`]],
    origin: "masstransit",
    traceId: T,
    spanId: S,
  },
  { why: "no header, no trace", headers: [], origin: "none", traceId: null, spanId: null },
];

describe("trace conventions", () => {
  for (const { why, headers, origin, ...expected } of rows) {
    it(why, () => {
      const seen = observe(aRecord({ headers }), NO_RULES);
      assert.equal(seen.traceOrigin, origin);
      for (const [field, value] of Object.entries(expected))
        assert.equal(seen[field as keyof typeof expected], value, field);
    });
  }
});

const hex = (digits: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: digits, maxLength: digits })
    .filter((id) => !/^0+$/.test(id));

describe("trace context round trips", () => {
  it("every valid traceparent gives back its ids, for every flags byte", () => {
    fc.assert(
      fc.property(hex(32), hex(16), fc.integer({ min: 0, max: 255 }), (traceId, spanId, flags) => {
        assert.deepEqual(parseTraceparent(`00-${traceId}-${spanId}-${flags.toString(16).padStart(2, "0")}`), {
          traceId,
          spanId,
          parentSpanId: null,
        });
      }),
    );
  });

  it("every valid B3 gives back its ids, single and multi alike", () => {
    fc.assert(
      fc.property(
        hex(32),
        hex(16),
        hex(16),
        fc.constantFrom("0", "1", "d"),
        (traceId, spanId, parentSpanId, decision) => {
          const context = { traceId, spanId, parentSpanId };
          assert.deepEqual(parseB3Single(`${traceId}-${spanId}-${decision}-${parentSpanId}`), context);
          const seen = observe(
            aRecord({
              headers: [
                ["x-b3-traceid", traceId],
                ["x-b3-spanid", spanId],
                ["x-b3-parentspanid", parentSpanId],
              ],
            }),
            NO_RULES,
          );
          assert.deepEqual({ traceId: seen.traceId, spanId: seen.spanId, parentSpanId: seen.parentSpanId }, context);
        },
      ),
    );
  });

  it("no text but a traceparent is taken for one", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        const context = parseTraceparent(text);
        assert.ok(
          context === null || text.startsWith(`${text.slice(0, 2)}-${context.traceId}-${context.spanId ?? ""}`),
        );
      }),
    );
  });
});
