/** The field's words: no name of the old list comes back, in code, in files' names or in the database. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { code, files, textOf } from "./tree.ts";
import { identifiersOf, OLD_WORDS, oldWordsIn, wordsOf } from "./words.ts";

/** Names that others gave: of a library, of a browser, of what the example shop sells. */
const EXCEPTIONS: readonly { readonly names: RegExp; readonly in: RegExp; readonly reason: string }[] = [
  { names: /^family$/, in: /^lib\/demo\/services\//, reason: "people have family names" },
  {
    names: /^place(Poisoned)?Order$|^placed$/i,
    in: /^(lib\/demo|e2e)\//,
    reason: "orders of the example shop are placed",
  },
  { names: /^families$/, in: /^lib\/telemetry\//, reason: "Prometheus calls the lines of one metric a family" },
  { names: /^spellCheck$/, in: /^components\//, reason: "an attribute of HTML" },
  { names: /letter/i, in: /^lib\/domain\/failure\/mask\.ts$/, reason: "the letters of the alphabet" },
];

const isExcepted = (file: string, name: string): boolean =>
  EXCEPTIONS.some((exception) => exception.in.test(file) && exception.names.test(name));
const explain = (words: readonly string[]): string => words.map((word) => `${word}: ${OLD_WORDS.get(word)}`).join("; ");

describe("words", () => {
  it("of identifiers are the field's", () => {
    const wrong = code
      .filter((file) => !file.startsWith("e2e/architecture/"))
      .flatMap((file) =>
        [...identifiersOf(file, textOf(file))].flatMap(([name, line]) => {
          const words = oldWordsIn(name);
          return words.length === 0 || isExcepted(file, name) ? [] : [`${file}:${line} ${name} (${explain(words)})`];
        }),
      );
    assert.deepEqual(wrong, []);
  });

  it("of files and folders are the field's", () => {
    // A migration keeps the name it was applied under.
    const named = files.filter((file) => !file.startsWith("prisma/migrations/"));
    assert.deepEqual(
      named.filter((file) => oldWordsIn(file).length > 0),
      [],
    );
  });

  it("of tables and columns are the field's", () => {
    const names = textOf("prisma/schema.prisma")
      .split("\n")
      .map((line) => line.replace(/\/\/.*$/, ""))
      .flatMap((line) => line.match(/[A-Za-z_]\w*/g) ?? []);
    assert.deepEqual(
      [...new Set(names)].filter((name) => oldWordsIn(name).length > 0),
      [],
    );
  });

  it("are told apart in every way of writing a name", () => {
    assert.deepEqual(wordsOf("deadLetterTopic"), ["dead", "letter", "topic"]);
    assert.deepEqual(wordsOf("DEAD_LETTER_TOPIC"), ["dead", "letter", "topic"]);
    assert.deepEqual(wordsOf("readHTTPStatus"), ["read", "http", "status"]);
    assert.deepEqual(oldWordsIn("deadLetters"), []);
    assert.deepEqual(oldWordsIn("openLetters"), ["letters"]);
    assert.deepEqual(oldWordsIn("placeholder"), []);
    assert.deepEqual(oldWordsIn("judgedPlace"), ["place"]);
  });
});
