import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hash128Hex, hash64, hash64Hex, murmur128 } from "./hash.ts";

describe("murmur128", () => {
  it("passes SMHasher's own verification for MurmurHash3_x86_128", () => {
    const key = new Uint8Array(256);
    const hashes = new Uint8Array(256 * 16);
    const out = new DataView(hashes.buffer);
    const put = (at: number, words: Uint32Array) => words.forEach((word, i) => out.setUint32(at + i * 4, word, true));
    for (let i = 0; i < 256; i++) {
      key[i] = i;
      put(i * 16, murmur128(key, i, 256 - i));
    }
    assert.equal(murmur128(hashes)[0], 0xb3ece62a);
  });
});

describe("text hashes", () => {
  it("agree with each other and differ between texts", () => {
    assert.equal(hash128Hex("order-1").slice(0, 16), hash64Hex("order-1"));
    assert.notEqual(hash64("order-1"), hash64("order-2"));
    assert.equal(hash64("order-1"), hash64("order-1"));
  });

  it("are the UTF-8 bytes' hash, for short and long and non-ASCII text alike", () => {
    for (const text of ["", "a", "Bestellung-ä", "x".repeat(511), "x".repeat(5000), "🙂".repeat(300)]) {
      const [a] = murmur128(new TextEncoder().encode(text));
      assert.equal(hash64Hex(text).slice(0, 8), (a as number).toString(16).padStart(8, "0"));
    }
  });

  it("fit a Postgres bigint and a uuid", () => {
    for (let i = 0; i < 200; i++) {
      const ref = hash64(`message ${i}`);
      assert.equal(ref, BigInt.asIntN(64, ref));
      assert.match(hash128Hex(`message ${i}`), /^[0-9a-f]{32}$/);
    }
  });
});
