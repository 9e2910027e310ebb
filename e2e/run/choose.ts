/** Which tests a change can touch: those whose modules, however far down, hold a changed file. */

export interface SourceTree {
  /** every file of the repository, code or not */
  readonly files: readonly string[];
  /** `to` is a path in the repository or a package */
  readonly imports: readonly { readonly from: string; readonly to: string }[];
  textOf(file: string): string;
}

export interface Choice {
  /** test files that load a changed module, or that changed themselves */
  readonly tests: readonly string[];
  /** tests that only start a process (the tap, the web, the demo) which loads a changed module */
  readonly startedBy: readonly string[];
  /** why more was chosen than the imports show, one line for each reason */
  readonly reasons: readonly string[];
}

const isTest = (file: string): boolean => /\.test\.tsx?$|^e2e\/journeys\/.*\.spec\.ts$/.test(file);
const isCode = (file: string): boolean => /\.(ts|tsx|mts|mjs)$/.test(file);

/** Changes that imports do not show, and the tests that they can affect. */
const WIDE: readonly { readonly changed: RegExp; readonly tests: RegExp; readonly reason: string }[] = [
  {
    changed: /^prisma\//,
    tests: /\.contract\.test\.ts$/,
    reason: "the database's schema changed: every contract test",
  },
  {
    changed: /^(package(-lock)?|tsconfig)\.json$/,
    tests: /^(lib|components)\/.*\.test\.tsx?$/,
    reason: "packages or the compiler's settings changed: every unit and contract test",
  },
  {
    changed: /^(app|components)\/.*\.css$|^(next|postcss)\.config\.mjs$/,
    tests: /\.spec\.ts$/,
    reason: "styles or the build of the pages changed: the journeys",
  },
];
/** They read the whole tree, so any change can affect them. */
const OF_THE_TREE = /^e2e\/architecture\//;

export function chooseTests(changed: readonly string[], tree: SourceTree): Choice {
  const tests = tree.files.filter(isTest);
  const wide = WIDE.filter((rule) => changed.some((file) => rule.changed.test(file)));
  const importers = invert(tree.imports);
  const touched = closure([...changed, ...changed.flatMap((file) => mentionedBy(file, tree))], importers);
  const chosen = tests.filter(
    (file) => touched.has(file) || OF_THE_TREE.test(file) || wide.some((rule) => rule.tests.test(file)),
  );
  const started = closure(
    tree.files.filter((file) => isCode(file) && startsOneOf(tree.textOf(file), touched)),
    importers,
  );
  const known = new Set(chosen);
  return {
    tests: changed.length === 0 ? [] : chosen,
    startedBy: changed.length === 0 ? [] : tests.filter((file) => started.has(file) && !known.has(file)),
    reasons: wide.map(({ reason }) => reason),
  };
}

/** For what is not code (a schema, a certificate template, a Java service): the code that names it or its folder. */
function mentionedBy(file: string, tree: SourceTree): string[] {
  const parts = file.split("/");
  if (isCode(file) || parts.length < 2 || file.startsWith("docs/")) return [];
  // The name alone is too common for some files (pom.xml); the nearest folder with a name of its own tells them apart.
  const names = [parts.at(-1) ?? file, ...(file.startsWith("e2e/apps/") ? [parts[2] ?? file] : [])];
  return tree.files.filter((one) => isCode(one) && names.some((name) => tree.textOf(one).includes(name)));
}

/** Processes are started by the path of their entry file. */
const startsOneOf = (text: string, touched: ReadonlySet<string>): boolean =>
  [...text.matchAll(/"(lib\/[\w/-]+\/(?:main|fault|build)\.ts)"/g)].some(([, entry]) => touched.has(entry ?? ""));

function invert(imports: SourceTree["imports"]): ReadonlyMap<string, readonly string[]> {
  const importers = new Map<string, string[]>();
  for (const { from, to } of imports) {
    const known = importers.get(to);
    if (known === undefined) importers.set(to, [from]);
    else known.push(from);
  }
  return importers;
}

function closure(seeds: readonly string[], importers: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set(seeds);
  for (const file of found) for (const importer of importers.get(file) ?? []) found.add(importer);
  return found;
}
