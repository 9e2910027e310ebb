import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { nextPage } from "./next-page.ts";

const SITE = "https://flowtap.example/sign-in";
const OURS: readonly string[] = [
  "/",
  "/groups?q=a#b",
  "/groups/prod/a%2Fb",
  "/groups?next=//evil.example",
  "/topics/prod/https:evil",
];
const NOT_OURS: readonly string[] = [
  "",
  "groups",
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\/evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "\t//evil.example",
  "/\r\n/evil.example",
  "/\t\\evil.example",
  "/.//evil.example",
  "/a/..//evil.example",
  "/%2e//evil.example",
  "https:evil.example",
  "http:evil.example",
  "https:/evil.example",
  "https://evil.example",
  "javascript:alert(1)",
  "data:text/html,x",
  " //evil.example",
  "/ /../..//evil.example",
  "//[",
];
/** As a page reads them from the query of its address. */
const ENCODED: readonly string[] = ["/%09/evil.example", "/%5Cevil.example", "%2F%2Fevil.example", "/%0A%0D/evil"];

describe("the page after sign-in", () => {
  for (const asked of OURS) it(`opens ${JSON.stringify(asked)}`, () => assert.equal(nextPage(asked), asked));
  for (const asked of [...NOT_OURS, ...ENCODED.map((text) => decodeURIComponent(text))])
    it(`stays here for ${JSON.stringify(asked)}`, () => {
      const { origin, pathname } = new URL(nextPage(asked), SITE);
      assert.deepEqual({ origin, pathname }, { origin: new URL(SITE).origin, pathname: "/" });
    });
  it("stays on this site whatever is asked for", () =>
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom("/", "\\", "\t", "\n", ".", ":", "@", "%", "2", "f", "e", "https:", "?", "#"),
        }),
        (asked) => assert.equal(new URL(nextPage(asked), SITE).origin, new URL(SITE).origin),
      ),
    ));
});
