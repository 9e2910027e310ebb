/** Records that Connect and Streams cannot process, and what must be known of each failure. */
/** Records per cause. */
export const EACH = 3;
export const traceOf = (topic: string, i: number) =>
  `00-${(topic.length * 1000 + i).toString(16).padStart(32, "0")}-${(i + 1).toString(16).padStart(16, "0")}-01`;

export interface Wrong {
  readonly why: string;
  readonly value: (i: number) => string;
  readonly title: RegExp;
  readonly rootCause: string;
  readonly exceptionClass: string;
  readonly ownCode: string | null;
}

export const CONNECT: readonly Wrong[] = [
  {
    why: "a value the converter cannot read",
    value: (i) => `{ item ${i}`,
    title: /^JsonParseException: Unexpected character/,
    rootCause: "com.fasterxml.jackson.core.JsonParseException",
    exceptionClass: "org.apache.kafka.connect.errors.DataException",
    ownCode: null,
  },
  {
    why: "a transformation that throws",
    value: (i) => `{"item":"b${i}","grams":"heavy"}`,
    title: /^NumberFormatException: For input string: "heavy" in Parcel\.grams$/,
    rootCause: "java.lang.NumberFormatException",
    exceptionClass: "org.apache.kafka.connect.errors.DataException",
    ownCode: "shop.own.Parcel.grams",
  },
  {
    why: "a record the sink reports",
    value: (i) => `{"item":"c${i}","grams":2000000}`,
    title: /^IllegalStateException: no shelf carries item .* in Warehouse\$Shelf\.store$/,
    rootCause: "java.lang.IllegalStateException",
    exceptionClass: "java.lang.IllegalStateException",
    ownCode: "shop.own.Warehouse$Shelf.store",
  },
];

export const STREAMS: readonly Wrong[] = [
  {
    why: "a value that cannot be deserialized",
    value: () => "many",
    title: /^NumberFormatException: For input string: "many" in ClickCounter\.read$/,
    rootCause: "java.lang.NumberFormatException",
    exceptionClass: "org.apache.kafka.common.errors.SerializationException",
    ownCode: "shop.own.ClickCounter.read",
  },
  {
    why: "a processor that throws",
    value: () => "0",
    title: /^ArithmeticException: \/ by zero in ClickCounter\.perSeat$/,
    rootCause: "java.lang.ArithmeticException",
    exceptionClass: "java.lang.ArithmeticException",
    ownCode: "shop.own.ClickCounter.perSeat",
  },
];
