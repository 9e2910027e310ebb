import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chooseTests } from "./choose.ts";

/** A small house: a domain, a store on it, a tap on both, which a system test starts as a process. */
const TEXTS: Readonly<Record<string, string>> = {
  "lib/domain/lag.ts": "",
  "lib/domain/lag.test.ts": "",
  "lib/domain/text.ts": "",
  "lib/domain/text.test.ts": "",
  "lib/store/groups.ts": "",
  "lib/store/groups.contract.test.ts": "",
  "lib/tap/main.ts": "",
  "e2e/architecture/imports.test.ts": "",
  "e2e/stack/flowtap.ts": 'spawn("node", ["lib/tap/main.ts"])',
  "e2e/system/schema.test.ts": 'readFile("priced.schema.json")',
  "e2e/system/priced.schema.json": "",
  "e2e/system/tap.test.ts": "",
  "e2e/apps/spring-orders/pom.xml": "",
  "e2e/system/spring.test.ts": 'startApp("spring-orders")',
  "prisma/schema.prisma": "",
  "docs/glossary.md": "",
};
const IMPORTS: readonly (readonly [from: string, to: string])[] = [
  ["lib/domain/lag.test.ts", "lib/domain/lag.ts"],
  ["lib/domain/text.test.ts", "lib/domain/text.ts"],
  ["lib/store/groups.ts", "lib/domain/lag.ts"],
  ["lib/store/groups.contract.test.ts", "lib/store/groups.ts"],
  ["lib/tap/main.ts", "lib/store/groups.ts"],
  ["e2e/system/tap.test.ts", "e2e/stack/flowtap.ts"],
  ["lib/domain/lag.ts", "lib/store/groups.ts"], // a circle ends
];
const choose = (...changed: string[]) =>
  chooseTests(changed, {
    files: Object.keys(TEXTS),
    imports: IMPORTS.map(([from, to]) => ({ from, to })),
    textOf: (file) => TEXTS[file] ?? "",
  });
const EVERY_CHANGE = "e2e/architecture/imports.test.ts";

describe("chooseTests", () => {
  const CASES: readonly { why: string; changed: string[]; tests: string[] }[] = [
    {
      why: "follows imports up to the tests, through the store",
      changed: ["lib/domain/lag.ts"],
      tests: ["lib/domain/lag.test.ts", "lib/store/groups.contract.test.ts"],
    },
    { why: "leaves the others out", changed: ["lib/domain/text.ts"], tests: ["lib/domain/text.test.ts"] },
    {
      why: "takes a test that changed itself",
      changed: ["lib/domain/text.test.ts"],
      tests: ["lib/domain/text.test.ts"],
    },
    {
      why: "takes every contract test when the schema changed",
      changed: ["prisma/schema.prisma"],
      tests: ["lib/store/groups.contract.test.ts"],
    },
    {
      why: "finds who reads a file that is no code",
      changed: ["e2e/system/priced.schema.json"],
      tests: ["e2e/system/schema.test.ts"],
    },
    {
      why: "finds who starts an application by its folder",
      changed: ["e2e/apps/spring-orders/pom.xml"],
      tests: ["e2e/system/spring.test.ts"],
    },
    { why: "runs only the tests of the tree for a document", changed: ["docs/glossary.md"], tests: [] },
    { why: "follows what was deleted too", changed: ["lib/domain/gone.ts"], tests: [] },
  ];
  for (const { why, changed, tests } of CASES)
    it(why, () => assert.deepEqual(choose(...changed).tests.toSorted(), [...tests, EVERY_CHANGE].sort()));

  it("names the tests that only start a process which loads the change", () => {
    assert.deepEqual(choose("lib/store/groups.ts").startedBy, ["e2e/system/tap.test.ts"]);
    assert.deepEqual(choose("lib/domain/text.ts").startedBy, []);
  });

  it("takes every unit and contract test when packages change, and says why", () => {
    const choice = choose("package.json");
    const own = Object.keys(TEXTS).filter((file) => file.startsWith("lib/") && file.endsWith(".test.ts"));
    assert.deepEqual(choice.tests.toSorted(), [...own, EVERY_CHANGE].sort());
    assert.equal(choice.reasons.length, 1);
  });

  it("chooses nothing when nothing changed", () => assert.deepEqual(choose().tests, []));
});
