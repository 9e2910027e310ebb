/**
 * An authority of our own and the certificates it signs, for brokers and databases that tests start: X.509 v3
 * (RFC 5280) with P-256 keys, written in DER by hand, so that a test needs no program that makes them.
 */
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";

export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

export interface Authority {
  readonly certificate: string;
  /** A certificate for this machine's loopback, both as a server and as a client. */
  issue(commonName: string, validUntil?: Date): Identity;
}

const DAY_MS = 86_400_000;

const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const integer = (bytes: Buffer) => der(0x02, bytes);
const octets = (content: Buffer) => der(0x04, content);
const bits = (content: Buffer) => der(0x03, Buffer.from([0]), content);
const explicit = (tag: number, content: Buffer) => der(0xa0 | tag, content);
/** Dotted arcs below 2^14 are all we need. */
const oid = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...arcs] = dotted.split(".").map(Number);
  return der(
    0x06,
    Buffer.from([first * 40 + second, ...arcs.flatMap((arc) => (arc < 128 ? [arc] : [0x80 | (arc >> 7), arc & 0x7f]))]),
  );
};
const TRUE = der(0x01, Buffer.from([0xff]));
const generalizedTime = (at: Date) => der(0x18, Buffer.from(`${at.toISOString().replaceAll(/[-:T]|\.\d+/g, "")}`));
const nameOf = (commonName: string) =>
  sequence(der(0x31, sequence(oid("2.5.4.3"), der(0x0c, Buffer.from(commonName)))));
const extension = (id: string, critical: boolean, value: Buffer) =>
  sequence(oid(id), ...(critical ? [TRUE] : []), octets(value));
const ECDSA_WITH_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));

const SIGNS_CERTIFICATES = [
  extension("2.5.29.19", true, sequence(TRUE)),
  extension("2.5.29.15", true, der(0x03, Buffer.from([2, 0b0000_0100]))),
];
const LOOPBACK = [
  extension("2.5.29.17", false, sequence(der(0x82, Buffer.from("localhost")), der(0x87, Buffer.from([127, 0, 0, 1])))),
];

interface ToSign {
  readonly subject: string;
  readonly issuer: string;
  readonly validUntil: Date;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

function signed({ subject, issuer, validUntil, publicKey, extensions }: ToSign, signingKey: KeyObject): string {
  const validFrom = new Date(Math.min(Date.now(), validUntil.getTime()) - DAY_MS);
  const content = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    nameOf(issuer),
    sequence(generalizedTime(validFrom), generalizedTime(validUntil)),
    nameOf(subject),
    publicKey.export({ type: "spki", format: "der" }),
    explicit(3, sequence(...extensions)),
  );
  const certificate = sequence(content, ECDSA_WITH_SHA256, bits(sign("sha256", content, signingKey)));
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

const newKeys = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
const tomorrow = () => new Date(Date.now() + DAY_MS);

export function openAuthority(name: string): Authority {
  const own = newKeys();
  const certificate = signed(
    { subject: name, issuer: name, validUntil: tomorrow(), publicKey: own.publicKey, extensions: SIGNS_CERTIFICATES },
    own.privateKey,
  );
  return {
    certificate,
    issue: (commonName, validUntil = tomorrow()) => {
      const { publicKey, privateKey } = newKeys();
      return {
        certificate: signed(
          { subject: commonName, issuer: name, validUntil, publicKey, extensions: LOOPBACK },
          own.privateKey,
        ),
        key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      };
    },
  };
}
