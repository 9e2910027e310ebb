/** What may stand where, how long it may be, and what no file may hold. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { code, files, textOf } from "./tree.ts";

const TOP_FOLDERS = /^(app|components|lib|prisma|e2e|docs|public|\.ci|\.github)\//;
const TOP_CONFIG = /^[\w-]+\.config\.(ts|mjs)$/;
const TOP_FILES: ReadonlySet<string> = new Set([
  ".oxlintrc.json",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "knip.json",
  "biome.json",
  "proxy.ts",
  "README.md",
  "LICENSE",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "Dockerfile",
  ".dockerignore",
  "compose.yaml",
  "compose.yml",
  "flowtap.example.yaml",
  ".gitignore",
  ".git-blame-ignore-revs",
  ".gitattributes",
  ".npmrc",
  ".editorconfig",
  ".nvmrc",
]);
const mayBeAtTop = (file: string): boolean => TOP_FOLDERS.test(file) || TOP_CONFIG.test(file) || TOP_FILES.has(file);

describe("files", () => {
  it("stand at the top only when they are configuration or documents", () => {
    assert.deepEqual(
      files.filter((file) => !mayBeAtTop(file)),
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
  it("have no more than 300 lines", () => {
    assert.deepEqual(
      code.filter((file) => textOf(file).split("\n").length > 301),
      [],
    );
  });
  it("have no more than 150 lines, nine of ten of them", () => {
    const lengths = code.map((file) => textOf(file).split("\n").length - 1).sort((a, b) => a - b);
    assert.ok((lengths[Math.floor(lengths.length * 0.9)] ?? 0) <= 150);
  });
  it("have no line over 120 columns but the title of a test or a regular expression of one", () => {
    const isLong = (line: string): boolean => [...line].length > 120;
    const isData = (file: string, line: string): boolean =>
      /^(e2e\/|.*\.test\.tsx?$)/.test(file) && /^\s*(it\(|\/.*\/[a-z]*,?$)/.test(line);
    const tooLong = code.flatMap((file) =>
      textOf(file)
        .split("\n")
        .flatMap((line, i) => (isLong(line) && !isData(file, line) ? [`${file}:${i + 1}`] : [])),
    );
    assert.deepEqual(tooLong, []);
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
  it("take random numbers in tests only from the run's seed, so that a failing run can be repeated", () => {
    const unseeded = ["Math", "random"].join(".");
    assert.deepEqual(
      code.filter((file) => /^e2e\/|\.test\.tsx?$/.test(file) && textOf(file).includes(unseeded)),
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
