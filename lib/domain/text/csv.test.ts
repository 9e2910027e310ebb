import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { csvLine } from "./csv.ts";

describe("csvLine", () => {
  for (const [cells, line] of [
    [["orders", 3, null, ""], "orders,3,,"],
    [["a,b", 'say "no"', "two\nlines"], '"a,b","say ""no""","two\nlines"'],
    [["=1+1", "+1", "-1", "@x", "\tx", "\rx"], "'=1+1,'+1,'-1,'@x,'\tx,\"'\rx\""],
    [['=HYPERLINK("http://x","y")'], '"\'=HYPERLINK(""http://x"",""y"")"'],
    [[-1, 0.5], "-1,0.5"],
  ] as const) {
    it(`writes ${JSON.stringify(line)}`, () => assert.equal(csvLine(cells), `${line}\r\n`));
  }

  it("never begins a cell like a formula, and keeps the whole text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const cell = csvLine([text]).slice(0, -2);
        const read = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
        assert.doesNotMatch(read, /^[=+\-@\t\r]/);
        assert.ok(read === text || read === `'${text}`);
      }),
    );
  });
});
