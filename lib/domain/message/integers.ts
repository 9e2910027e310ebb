/** How a format writes numbers into headers: big-endian two's complement, or decimal text. */
type IntegerEncoding = "binary" | "text";

/**
 * Reads an integer from a header. `encoding` is what the header's format uses, but some producers write the other one,
 * so the bytes can overrule it: digits are always text (read as binary they would be larger than any partition, offset
 * or time), and 4 or 8 bytes that begin outside printable ASCII are binary. Null for everything else.
 */
export function integerOf(value: Uint8Array | null | undefined, encoding: IntegerEncoding): bigint | null {
  if (value === null || value === undefined || value.length === 0) return null;
  if (value.length <= 20 && isDecimal(value)) return inInt64(BigInt(String.fromCharCode(...value)));
  const first = value[0] as number;
  const binary =
    encoding === "binary"
      ? value.length <= 8
      : (value.length === 4 || value.length === 8) && (first < 0x20 || first > 0x7e);
  return binary ? bigEndian(value) : null;
}

/** integerOf as a number; null also beyond 2^53, where a number is not exact. */
export function smallIntegerOf(value: Uint8Array | null | undefined, encoding: IntegerEncoding): number | null {
  const integer = integerOf(value, encoding);
  return integer !== null && Number.isSafeInteger(Number(integer)) ? Number(integer) : null;
}

function isDecimal(value: Uint8Array): boolean {
  const start = value[0] === 0x2d && value.length > 1 ? 1 : 0;
  for (let i = start; i < value.length; i++) {
    const byte = value[i] as number;
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}

function inInt64(value: bigint): bigint | null {
  return BigInt.asIntN(64, value) === value ? value : null;
}

function bigEndian(value: Uint8Array): bigint {
  let bits = 0n;
  for (const byte of value) bits = (bits << 8n) | BigInt(byte);
  return BigInt.asIntN(value.length * 8, bits);
}
