/** Rows of the event index with values as extreme as a broker can send. */
import fc from "./property.ts";
import type { EventRow } from "#lib/store/db/bulk-rows.ts";

const MAX_INT64 = 2n ** 63n - 1n;
const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((array) => Buffer.from(array).toString("hex"));
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: MAX_INT64 });

/** Values as extreme as a broker can send: any 64-bit time, any text as key. */
export const hostileRow: fc.Arbitrary<EventRow> = fc.record({
  occurredAtMs: fc.oneof(
    fc.integer({ min: 0, max: 2_000_000_000_000 }),
    fc.constantFrom(-1, Number(MAX_INT64), -Number(MAX_INT64), 8.64e15),
  ),
  position: fc.bigInt({ min: 0n, max: MAX_INT64 }),
  destinationId: fc.nat(),
  partition: fc.nat(),
  sizeBytes: fc.nat(),
  flags: fc.nat(0xff),
  traceId: orNull(hex(16)),
  conversationId: orNull(hex(16)),
  spanId: orNull(hex(8)),
  parentSpanId: orNull(hex(8)),
  messageRef: orNull(int64),
  causeRef: orNull(int64),
  typeId: orNull(fc.nat()),
  serviceId: orNull(fc.nat()),
  producerId: orNull(int64),
  key: orNull(fc.string({ unit: "binary", maxLength: 60 })),
});
