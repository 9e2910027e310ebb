/** `npm run bench -- <name>`: runs e2e/bench/<name>.ts and prints one JSON object per figure. */
type Bench = { run(report: (figure: Record<string, unknown>) => void): Promise<void> };

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  "first-picture": () => import("./first-picture.ts"),
  flow: () => import("./flow.ts"),
  ingest: () => import("./ingest.ts"),
  live: () => import("./live.ts"),
  lag: () => import("./lag.ts"),
  replay: () => import("./replay.ts"),
  views: () => import("./views.ts"),
};

const load = BENCHES[process.argv[2] ?? ""];
if (load === undefined) {
  console.error(`Which bench? npm run bench -- ${Object.keys(BENCHES).join(" | ")}`);
  process.exit(1);
}
const bench = await load();
await bench.run((figure) => console.log(JSON.stringify(figure)));

export {};
