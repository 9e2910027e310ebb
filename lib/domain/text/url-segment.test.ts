import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { fromUrlSegment, urlSegment } from "./url-segment.ts";

const READABLE: readonly (readonly [name: string, segment: string])[] = [
  ["payments", "payments"],
  ["orders.v1-retry_5", "orders.v1-retry_5"],
  ["...", "..."],
  ["a b", "a%20b"],
  ["größe", "gr%C3%B6%C3%9Fe"],
  ["customer:42@eu", "customer%3A42%40eu"],
  ["a~b", "a~b"],
];
const ENCODED: readonly (readonly [name: string, segment: string])[] = [
  ["", "~"],
  [".", "~Lg"],
  ["..", "~Li4"],
  ["a/b", "~YS9i"],
  ["/", "~Lw"],
  ["%2F", "~JTJG"],
  ["%2e%2e", "~JTJlJTJl"],
  ["a\\b", "~YVxi"],
  ["~", "~fg"],
  ["~Lg", "~fkxn"],
  ["a?b#c;d", "~YT9iI2M7ZA"],
  ["🔥", "~8J-UpQ"],
  ["a\nb", "~YQpi"],
  ["\uFEFFa", "~77u_YQ"],
];

describe("a name in an address", () => {
  for (const [name, segment] of [...READABLE, ...ENCODED])
    it(`${JSON.stringify(name)} is ${segment}`, () => {
      assert.equal(urlSegment(name), segment);
      assert.equal(fromUrlSegment(segment), name);
    });
  it("comes back whatever it is, and no browser changes its segment", () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.string({ unit: fc.constantFrom("/", ".", "%", "2", "F", "~", "\\", "a", "-") }),
          fc.string({ unit: fc.constantFrom("🔥", "ß", "x"), minLength: 600, maxLength: 700 }),
        ),
        (name) => {
          const segment = urlSegment(name);
          assert.equal(fromUrlSegment(segment), name);
          assert.equal(new URL(`/groups/c/${segment}`, "http://localhost").pathname, `/groups/c/${segment}`);
          assert.match(segment, /^[\w.~%-]+$/);
        },
      ),
    ));
  it("of 700 letters of any script stays within what servers take for an address", () => {
    for (const symbol of ["x", "ß", "漢", "🔥"]) {
      const name = symbol.repeat(700);
      assert.ok(urlSegment(name).length < 4000);
      assert.equal(fromUrlSegment(urlSegment(name)), name);
    }
  });
  it("may be half of a character, which is then replaced", () =>
    assert.equal(fromUrlSegment(urlSegment("a\ud800")), "a\ufffd"));
  for (const [given, name] of [
    ["my%2Fgroup", "my/group"],
    ["%7ELi4", ".."],
    ["~not base64!", "~not base64!"],
    ["~_w", "~_w"],
    ["%E0%A4%A", "%E0%A4%A"],
  ] as const)
    it(`takes ${given} as ${name}`, () => assert.equal(fromUrlSegment(given), name));
});
