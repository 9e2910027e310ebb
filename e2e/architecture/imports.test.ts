/** Which room may import which, where each SDK may be named, and that no imports run in a circle. */
import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import ts from "typescript";
import { circlesOf } from "./circles.ts";
import { code, imports, root } from "./tree.ts";

const rooms = (...names: string[]): RegExp => new RegExp(`^(${names.map((name) => `lib/${name}/`).join("|")})`);
const LOWER = ["domain", "contracts", "config"];
const MIDDLE = [...LOWER, "decode", "brokers", "store", "telemetry"];

/** A room of lib, and the rooms of lib it may look into. Each may look into itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  contracts: ["domain"],
  config: ["domain"],
  decode: LOWER,
  telemetry: LOWER,
  brokers: [...LOWER, "decode", "telemetry"],
  store: [...LOWER, "telemetry"],
  queries: MIDDLE,
  commands: MIDDLE,
  tap: [...MIDDLE, "queries", "commands"],
  web: [...MIDDLE, "queries", "commands", "client"],
  client: ["domain", "contracts"],
  demo: LOWER,
};

interface Ban {
  readonly why: string;
  readonly from: RegExp;
  readonly to: RegExp;
}

const BANS: readonly Ban[] = [
  { why: "nobody imports app", from: /^(?!app\/)/, to: /^app\// },
  { why: "lib never imports components", from: /^lib\//, to: /^components\// },
  { why: "only tests look into e2e", from: /^(lib|app|components)\/(?!.*\.test\.tsx?$)/, to: /^e2e\// },
  { why: "the domain is pure: no Node, no package", from: /^lib\/domain\/(?!.*\.test\.ts$)/, to: /^(?!lib\/domain\/)/ },
  {
    why: "contracts know zod and nothing else from outside",
    from: /^lib\/contracts\/(?!.*\.test\.ts$)/,
    to: /^(?!lib\/(domain|contracts)\/|zod$)/,
  },
  {
    why: "components see domain, contracts and client of lib",
    from: /^components\//,
    to: /^lib\/(?!domain\/|contracts\/|client\/)/,
  },
  {
    why: "components/ui knows no other room of components",
    from: /^components\/ui\/(?!.*\.test\.tsx?$)/,
    to: /^components\/(?!ui\/)/,
  },
  { why: "the browser's code needs no Node", from: /^(components|lib\/client)\/(?!.*\.test\.tsx?$)/, to: /^node:/ },
  {
    why: "pages see web, client, contracts and domain of lib",
    from: /^app\/(?!api\/)/,
    to: /^lib\/(?!web\/|client\/|contracts\/|domain\/)/,
  },
  {
    why: "a route is parse, one call, answer: it sees web and contracts",
    from: /^app\/api\//,
    to: /^(components\/|lib\/(?!web\/|contracts\/))/,
  },
  {
    why: "the example services were written by an outside team",
    from: /^lib\/demo\/services\//,
    to: /^(components|lib\/(?!demo\/services\/)|e2e)/,
  },
  {
    why: "Prisma lives in the store",
    from: /^(?!lib\/store\/|prisma\.config\.ts$)/,
    to: /^(@prisma\/|prisma(\/|$)|lib\/store\/prisma\/generated\/)/,
  },
  {
    why: "Kafka's SDKs live in their adapter, the example services and the tests",
    from: /^(?!lib\/brokers\/kafka\/|lib\/demo\/|e2e\/)/,
    to: /^(kafkajs|@platformatic\/kafka)(\/|$)/,
  },
  {
    why: "RabbitMQ's client lives in its adapter and the tests",
    from: /^(?!lib\/brokers\/(rabbitmq|contract)\/|e2e\/)/,
    to: /^amqplib(\/|$)/,
  },
  {
    why: "only open.ts knows an adapter: Kafka's",
    from: /^(?!lib\/brokers\/(open\.ts$|kafka\/))/,
    to: /^lib\/brokers\/kafka\//,
  },
  {
    why: "only open.ts knows an adapter: RabbitMQ's",
    from: /^(?!lib\/brokers\/(open\.ts$|rabbitmq\/|contract\/))/,
    to: /^lib\/brokers\/rabbitmq\//,
  },
  { why: "server-only is web's", from: /^(?!lib\/web\/)/, to: /^server-only$/ },
  {
    why: "property tests take the run's seed",
    from: /^(?!e2e\/stack\/property\.ts$)/,
    to: /^fast-check$/,
  },
  { why: "tests are not imported", from: /./, to: /\.test\.tsx?$/ },
];

describe("import directions", () => {
  for (const [room, allowed] of Object.entries(MAY_IMPORT)) {
    it(`lib/${room} imports ${allowed.length === 0 ? "nothing of lib but itself" : allowed.join(", ")}`, () => {
      const wrong = imports.filter(
        ({ from, to }) =>
          from.startsWith(`lib/${room}/`) &&
          !from.endsWith(".test.ts") &&
          to.startsWith("lib/") &&
          !rooms(room, ...allowed).test(to),
      );
      assert.deepEqual(
        wrong.map(({ line }) => line),
        [],
      );
    });
  }
  for (const { why, from, to } of BANS) {
    it(why, () =>
      assert.deepEqual(
        imports.filter((one) => from.test(one.from) && to.test(one.to)).map(({ line }) => line),
        [],
      ),
    );
  }
  it("lib has no room without a rule", () => {
    const found = new Set(code.flatMap((file) => /^lib\/([^/]+)\//.exec(file)?.[1] ?? []));
    assert.deepEqual(
      [...found].filter((room) => !(room in MAY_IMPORT)),
      [],
    );
  });
  it("names files of this repository with their extension, and they are there", () => {
    const missing = imports.filter(
      ({ to }) =>
        /^(lib|components|app|e2e)\//.test(to) &&
        !to.startsWith("lib/store/prisma/generated/") &&
        !ts.sys.fileExists(path.join(root, to)),
    );
    assert.deepEqual(
      missing.map(({ line }) => line),
      [],
    );
  });
  it("name another room of components by #components/, not by a path that climbs out of their own", () => {
    const roomOf = (file: string): string => file.split("/").slice(0, 2).join("/");
    const climbing = imports.filter(
      ({ from, to, written }) =>
        written.startsWith(".") && from.startsWith("components/") && roomOf(from) !== roomOf(to),
    );
    assert.deepEqual(
      climbing.map(({ line }) => line),
      [],
    );
  });
  it("never run in a circle, not even for types", () => {
    assert.deepEqual(circlesOf(imports), []);
  });
});
