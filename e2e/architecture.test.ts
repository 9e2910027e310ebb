/**
 * The house's shape, held at error: which room may import which, where each SDK may be named, how long a file may be.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import ts from "typescript";

const root = path.resolve(import.meta.dirname, "..");
const git = (...args: string[]): string[] =>
  execFileSync("git", args, { cwd: root, encoding: "utf8" })
    .split("\0")
    .filter((line) => line !== "");
// What is committed and what is about to be; ignored files are nobody's house.
const files = git("ls-files", "-z", "--cached", "--others", "--exclude-standard").filter((file) =>
  ts.sys.fileExists(path.join(root, file)),
);
const code = files.filter((file) => /\.(ts|tsx|mts|js|mjs|cjs)$/.test(file));
const textOf = (file: string): string => readFileSync(path.join(root, file), "utf8");

interface Import {
  readonly from: string;
  /** a path in the repository, a package's name, or `node:…` */
  readonly to: string;
  /** as the test prints it */
  readonly line: string;
}

function importsOf(file: string): Import[] {
  const info = ts.preProcessFile(textOf(file), true, true);
  return info.importedFiles.map(({ fileName }) => {
    const to = fileName.startsWith("#")
      ? fileName.slice(1)
      : fileName.startsWith(".")
        ? path.posix.normalize(path.posix.join(path.posix.dirname(file), fileName))
        : fileName;
    return { from: file, to, line: `${file} → ${to}` };
  });
}
const imports = code.flatMap(importsOf);

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
  { why: "server-only is web's", from: /^(?!lib\/web\/)/, to: /^server-only$/ },
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
});

const TOP_LEVEL =
  /^(app|components|lib|prisma|e2e|docs|public|\.ci|\.github)\/|^(package(-lock)?\.json|tsconfig\.json|(knip|biome)\.json|[\w-]+\.config\.(ts|mjs)|proxy\.ts|prisma\.config\.ts|README\.md|LICENSE|CHANGELOG\.md|CONTRIBUTING\.md|SECURITY\.md|Dockerfile|\.dockerignore|compose\.ya?ml|flowtap\.example\.yaml|\.gitignore|\.git-blame-ignore-revs|\.gitattributes|\.npmrc|\.editorconfig|\.nvmrc)$/;

describe("files", () => {
  it("stand at the top only when they are configuration or documents", () => {
    assert.deepEqual(
      files.filter((file) => !TOP_LEVEL.test(file)),
      [],
    );
  });
  it("hold code only in app, components, lib, prisma and e2e", () => {
    assert.deepEqual(
      code.filter(
        (file) =>
          !/^(app|components|lib|prisma|e2e)\/|^(proxy\.ts|[\w-]+\.config\.(ts|mjs)|prisma\.config\.ts)$/.test(file),
      ),
      [],
    );
  });
  it("have no more than 400 lines", () => {
    assert.deepEqual(
      code.filter((file) => textOf(file).split("\n").length > 401),
      [],
    );
  });
  it("are named for what they are, not for being useful", () => {
    assert.deepEqual(
      files.filter((file) => /(^|[/.-])(utils?|helpers?)([/.-]|$)/i.test(file)),
      [],
    );
  });
  it("leave nothing to do later", () => {
    const mark = new RegExp(`\\b(${["TO", "DO"].join("")}|${["FIX", "ME"].join("")}|${["X", "XX"].join("")})\\b`);
    assert.deepEqual(
      files.filter((file) => /\.(tsx?|mjs|md|sql|prisma|css|ya?ml)$/.test(file) && mark.test(textOf(file))),
      [],
    );
  });
  it("name no path of one machine and no registry's host", () => {
    const foreign = new RegExp(["/wo" + "rk/", "/ho" + "me/\\w+/", "/Us" + "ers/\\w+/"].join("|"));
    const texts = files.filter((file) =>
      /\.(tsx?|mjs|json|md|sql|prisma|css|ya?ml|xml|sh)$|^\.ci\/|Dockerfile$|^\.npmrc$/.test(file),
    );
    assert.deepEqual(
      texts.filter((file) => foreign.test(textOf(file))),
      [],
    );
    const resolved = textOf("package-lock.json").match(/"resolved": "https?:\/\/[^/"]+/g) ?? [];
    assert.deepEqual(
      [...new Set(resolved)].filter((host) => !host.endsWith("//registry.npmjs.org")),
      [],
    );
  });
});
