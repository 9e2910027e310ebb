import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isSameRecord, type SeenRecord } from "./same-record.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const RECORD = { key: bytes("k"), value: bytes("body"), headers: [["h", bytes("v")]] as const, timestampMs: 5000 };
const SEEN: SeenRecord = { key: "k", atMs: 5000, sizeBytes: 7 };

describe("what lies at an offset", () => {
  const table: readonly [string, Partial<typeof RECORD & { headersLeftOut: number }>, Partial<SeenRecord>, boolean][] =
    [
      ["is what was seen there", {}, {}, true],
      ["is another record by its key", { key: bytes("other") }, {}, false],
      ["is another record by its time", { timestampMs: 5001 }, {}, false],
      ["is another record by its size", { value: bytes("body!") }, {}, false],
      ["is taken as it is where nothing was kept of it", { key: bytes("other") }, { atMs: null }, true],
      ["is compared without its size where that was not kept", { value: bytes("body!") }, { sizeBytes: null }, true],
      ["has times that no database holds", { timestampMs: -1 }, { atMs: 0 }, true],
      ["has times beyond all years", { timestampMs: 2 ** 63 }, { atMs: 253_402_300_799_999 }, true],
      ["has too many headers to be measured", { value: bytes("body!"), headersLeftOut: 3 }, {}, true],
      ["has a key that is no text", { key: new Uint8Array([255, 0]), value: bytes("bod") }, { key: "0xff00" }, true],
    ];
  for (const [what, record, seen, expected] of table)
    it(what, () => assert.equal(isSameRecord({ ...RECORD, ...record }, { ...SEEN, ...seen }), expected));

  it("has no key, where there was none", () => {
    const keyless = { ...RECORD, key: null };
    assert.equal(isSameRecord(keyless, { ...SEEN, key: null, sizeBytes: 6 }), true);
    assert.equal(isSameRecord(keyless, { ...SEEN, sizeBytes: 6 }), false);
  });
});
