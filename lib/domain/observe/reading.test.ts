import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { bigEndian, bytes, someHeaders } from "../message/a-record.test-data.ts";
import { HeaderIndexer } from "../message/headers.ts";
import { integerOf, smallIntegerOf } from "../message/integers.ts";
import { parseJsonPath, textAtPath } from "../message/json-path.ts";
import { serviceOfUri, shortTypeName, versionOfSchemaUri } from "../message/names.ts";
import { cutText, decodeBounded } from "../text/text.ts";
import { parseNServiceBusTime, parseTime } from "../message/times.ts";
import { topicMatches } from "../text/glob.ts";
import { conversationIdOf } from "../message/trace.ts";

describe("HeaderIndex", () => {
  const index = new HeaderIndexer(
    new Map([
      ["a", 1],
      ["b", 2],
      ["c", 4],
    ]),
  ).index(someHeaders(["A", "1"], ["x", null], ["a", "2"], ["B", ""], ["a", '"3"']));
  it("keeps duplicates in order, and ignores the case of names", () => {
    assert.deepEqual(index.all("a"), [bytes("1"), bytes("2"), bytes('"3"')]);
    assert.deepEqual([index.first("a"), index.last("a")], [bytes("1"), bytes('"3"')]);
    assert.deepEqual(index.all("nothing"), []);
  });
  it("has the bits of the names present and no others", () => assert.equal(index.markerBits, 3));
  it("removes the quotes of a JSON string", () => assert.equal(index.text("a", 10), "3"));
  it("has no text for absent, null and empty values", () =>
    assert.deepEqual([index.text("y", 9), index.text("x", 9), index.text("b", 9)], [null, null, null]));
  it("finds the last header with one of several names", () =>
    assert.deepEqual([index.latestOf(["x", "b"]), index.latestOf(["y"])], [3, -1]));
});

describe("integerOf: bytes or text", () => {
  const table: readonly [
    why: string,
    value: Uint8Array | null,
    encoding: "binary" | "text",
    expected: bigint | null,
  ][] = [
    ["Spring's partition", bigEndian(3n, 4), "binary", 3n],
    ["Spring's offset", bigEndian(91_204n, 8), "binary", 91_204n],
    ["a negative offset", bigEndian(-1n, 8), "binary", -1n],
    ["one raw byte, as old Spring versions write attempts", new Uint8Array([3]), "binary", 3n],
    ["a backoff of minimal length", new Uint8Array([0x01, 0x8b, 0xcf, 0xe5, 0x68, 0x00]), "binary", 1_700_000_000_000n],
    ["text where binary was expected", bytes("42"), "binary", 42n],
    ["eight digits are text, not 3.5e18", bytes("12345678"), "binary", 12_345_678n],
    ["Connect's offset", bytes("91204"), "text", 91_204n],
    ["a minus and digits", bytes("-1"), "text", -1n],
    ["binary where text was expected", bigEndian(7n, 8), "text", 7n],
    ["text that is no number", bytes("none"), "text", null],
    ["beyond int64", bytes("99999999999999999999"), "text", null],
    ["too long", new Uint8Array(9), "binary", null],
    ["empty", new Uint8Array(0), "binary", null],
    ["absent", null, "text", null],
  ];
  for (const [why, value, encoding, expected] of table)
    it(why, () => assert.equal(integerOf(value, encoding), expected));

  it("reads every int64 in both encodings", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (n) => {
        assert.equal(integerOf(bytes(n.toString()), "text"), n);
        const binary = bigEndian(n, 8);
        if (!/^-?\d+$/.test(String.fromCharCode(...binary))) assert.equal(integerOf(binary, "binary"), n);
      }),
    );
  });
  it("is null beyond the range of exact numbers", () =>
    assert.equal(smallIntegerOf(bigEndian(2n ** 60n, 8), "binary"), null));
});

describe("times", () => {
  it("reads the common form like Date.parse", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date("1000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }), (date) =>
        assert.equal(parseTime(date.toISOString()), date.getTime()),
      ),
    );
  });
  for (const text of ["2024-13-06T07:08:09.123Z", "yesterday, or so", "2024-05-06T07:08:99.123Z", "x".repeat(30), "1"])
    it(`"${text}" is no time`, () => assert.equal(parseTime(text), null));
  it("reads NServiceBus's form, with a colon before the microseconds", () =>
    assert.equal(parseNServiceBusTime("2013-09-24 09:13:21:001999 Z"), Date.UTC(2013, 8, 24, 9, 13, 21, 1)));
  it("is null for an invalid time in NServiceBus's form", () =>
    assert.equal(parseNServiceBusTime("2013-99-24 09:13:21:001999 Z"), null));
});

describe("names", () => {
  for (const [name, expected] of [
    ["com.acme.OrderPlaced", "OrderPlaced"],
    ["com.acme.Orders$OrderPlaced", "OrderPlaced"],
    ["Acme.Events+OrderPlaced, Acme, Version=1.0.0.0", "OrderPlaced"],
    ["urn:message:Acme:OrderPlaced", "OrderPlaced"],
    ["Acme.Wrapper`1[[Acme.OrderPlaced]]", "Wrapper"],
    ["order.placed", "order.placed"],
    ["java.util.HashMap", null],
    ["System.String", null],
    ["", null],
  ] as const)
    it(`type ${name} → ${expected}`, () => assert.equal(shortTypeName(name), expected));
  for (const [uri, expected] of [
    ["/services/orders", "orders"],
    ["https://orders.acme.example/", "orders.acme.example"],
    ["https://acme.example/orders?x=/y", "orders"],
    ["urn:acme:orders", "orders"],
    ["orders", "orders"],
    ["/orders/17", "orders"],
    ["/orders/5b2f6c1e-5b1c-4a1e-9a55-1c2d3e4f5a6b/", "orders"],
    ["loopback://localhost/", "localhost"],
    ["/", null],
    ["", null],
  ] as const)
    it(`source ${uri} → ${expected}`, () => assert.equal(serviceOfUri(uri), expected));
  for (const [uri, expected] of [
    ["https://s.example/customer.updated/2", "2"],
    ["https://s.example/v2.1", "2.1"],
    ["urn:schema:order:3", "3"],
    ["https://s.example/order", null],
  ] as const)
    it(`schema ${uri} → ${expected}`, () => assert.equal(versionOfSchemaUri(uri), expected));
});

describe("JSON paths", () => {
  const body = { a: { "b c": ["x", { d: 7 }] }, flag: true, nothing: null };
  for (const [path, expected] of [
    ['$.a["b c"][1].d', "7"],
    ["a.b c[0]", "x"],
    ["flag", "true"],
    ["nothing", null],
    ["a", null],
    ["constructor.name", null],
    ["a.b.c.d", null],
  ] as const)
    it(`${path} → ${expected}`, () => assert.equal(textAtPath(body, parseJsonPath(path) ?? []), expected));
  for (const path of ["", "$", "a..b", "a[", "a[x]", "]"])
    it(`"${path}" is no path`, () => assert.equal(parseJsonPath(path), null));
});

describe("topic globs", () => {
  for (const [glob, topic, expected] of [
    ["*", "anything", true],
    ["orders", "orders", true],
    ["orders", "orders2", false],
    ["orders.*", "orders.eu", true],
    ["*-dlt", "a-dlt-dlt", true],
    ["o?ders", "orders", true],
    ["a*b*c", "aXbXbXc", true],
    ["a*b*c", "aXbX", false],
    ["", "", true],
    ["__*", "_x", false],
  ] as const)
    it(`${glob} ${expected ? "matches" : "does not match"} ${topic}`, () =>
      assert.equal(topicMatches(glob, topic), expected));
});

describe("bounded text", () => {
  it("is never cut within a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 4, max: 20 }), (text, max) => {
        const cut = decodeBounded(bytes(text), max);
        assert.ok(bytes(cut).length <= max);
        assert.ok(text.replace(/^\ufeff/, "").startsWith(cut.replace(/^\ufeff/, "")));
        assert.ok(cutText(text, max).isWellFormed());
      }),
    );
  });
});

describe("conversation ids", () => {
  it("are the same for every notation of a UUID", () => {
    const hex = "5b2f6c1e5b1c4a1e9a551c2d3e4f5a6b";
    for (const text of [
      hex,
      hex.toUpperCase(),
      "5b2f6c1e-5b1c-4a1e-9a55-1c2d3e4f5a6b",
      "{5B2F6C1E-5B1C-4A1E-9A55-1C2D3E4F5A6B}",
    ])
      assert.equal(conversationIdOf(text), hex);
  });
  it("are a hash of any other text, and depend on its case", () =>
    assert.notEqual(conversationIdOf("Order-1"), conversationIdOf("order-1")));
});
