/**
 * `npm run bench -- flow`: how soon the Flow page shows graphs of 117 and 500 nodes and the first 500 nodes of a system
 * with 9,000 topics, how many frames a second it has while it is dragged, and how soon the list of all nodes and a
 * search in it are there, in a real browser over the real database. Beside it, in the same run: how long ELK takes for
 * the whole graph in one piece, for which the page would have to wait, and how many frames an empty page has. What the
 * browser showed is kept in `.flowtap/bench`.
 */
import path from "node:path";
import { Worker } from "node:worker_threads";
import { chromium, type Browser, type Page } from "playwright";
import { chromiumOptions } from "#e2e/browser/chromium.ts";
import { prepareFlowtap } from "#e2e/stack/flowtap.ts";
import { openPool, startPostgres } from "#e2e/stack/stack.ts";
import type { FlowGraphView } from "#lib/contracts/flow.ts";
import { fillWorld } from "./flow-fill.ts";
import { hugeWorld, largeWorld, smallWorld, type World } from "./flow-world.ts";
import { visit } from "./visit.ts";

const VISITS = 7;
const DRAG_MS = 4000;
/** The whole graph in one piece is not waited for any longer. */
const MOST_BASELINE_MS = 120_000;
const WORLDS: readonly (readonly [name: string, world: World])[] = [
  ["117", smallWorld()],
  ["500", largeWorld(500)],
  ["9000_topics", hugeWorld()],
];
const NODE = ".react-flow__node";
const PATH = "/?limit=500";
const ROW = "tbody tr";
/** also measured, without a baseline */
const LISTS = [
  ["nodes_list", "/?view=list"],
  ["nodes_search", "/?view=list&q=payments"],
  ["topics", "/topics"],
] as const;
const PICTURES = ".flowtap/bench";

type Report = (figure: Record<string, unknown>) => void;

export async function run(report: Report): Promise<void> {
  const browser = await chromium.launch(await chromiumOptions());
  try {
    for (const [name, world] of WORLDS) await measure(browser, name, world, report);
  } finally {
    await browser.close();
  }
}

async function measure(browser: Browser, name: string, world: World, report: Report): Promise<void> {
  const postgres = await startPostgres();
  // Nothing of the broker is needed: the pages are drawn from the database.
  const flowtap = await prepareFlowtap({ databaseUrl: postgres.url, brokers: ["127.0.0.1:1"], logLevel: "error" });
  const pool = openPool(postgres.url, 1);
  try {
    const web = await flowtap.startWeb();
    await fillWorld(pool, world, Date.now(), { stuckEach: 97, lateEach: 61 });
    const graph = (await (await fetch(`${web.url}/api/flow?limit=500`)).json()) as FlowGraphView;
    const whole = await inOnePiece(graph);
    const baseline = {
      baseline: whole ?? MOST_BASELINE_MS,
      baselineName: whole === null ? "ELK, whole graph in one piece, given up" : "ELK, whole graph in one piece",
    };
    const size = { nodes: graph.nodes.length, edges: graph.edges.length };
    const ratio = (value: number, to: number) => Math.round((value / to) * 1000) / 1000;

    const first: number[] = [];
    const good: number[] = [];
    for (let i = 0; i <= VISITS; i++) first.push(Math.round(await visit(browser, web.url + PATH, NODE)));
    for (let i = 0; i < 3; i++) good.push(Math.round(await visit(browser, web.url + PATH, "[data-layout=routed]")));
    const [cold = 0, ...warm] = first;
    for (const [what, value] of [
      ["first_picture.cold", cold],
      ["first_picture.p50", median(warm)],
      ["good_picture.p50", median(good)],
    ] as const)
      report({
        name: `flow.${name}.${what}`,
        value,
        unit: "ms",
        ...baseline,
        ratio: ratio(value, baseline.baseline),
        ...size,
      });

    for (const [list, address] of LISTS) {
      const times: number[] = [];
      for (let i = 0; i < 3; i++) times.push(Math.round(await visit(browser, web.url + address, ROW)));
      report({ name: `flow.${name}.${list}.p50`, value: median(times), unit: "ms", topics: world.topics.length });
    }

    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto("about:blank");
    const empty = await dragged(page);
    await page.goto(web.url + PATH);
    await page.waitForSelector("[data-layout=routed]", { timeout: 60_000 });
    await page.screenshot({ path: path.join(PICTURES, `flow-${name}.png`) });
    const frames = await dragged(page);
    for (const [what, key] of [
      ["frames_per_second", "perSecond"],
      ["longest_frame_ms", "longestMs"],
    ] as const)
      report({
        name: `flow.${name}.dragged.${what}`,
        value: frames[key],
        unit: key === "perSecond" ? "1/s" : "ms",
        baseline: empty[key],
        baselineName: "an empty page",
        ratio: ratio(frames[key], empty[key]),
        ...size,
      });
    await page.goto(`${web.url}/?view=list&q=payments`);
    await page.waitForSelector(ROW);
    await page.screenshot({ path: path.join(PICTURES, `flow-${name}-list.png`) });
    await context.close();
  } finally {
    await pool.end();
    await flowtap.stop();
    await postgres.stop();
  }
}

/** In a thread, which can be ended; null: it took too long. */
async function inOnePiece(graph: FlowGraphView): Promise<number | null> {
  const thread = new Worker(new URL("./flow-one-piece.ts", import.meta.url), { workerData: graph });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<number | null>((resolve, reject) => {
      timer = setTimeout(() => resolve(null), MOST_BASELINE_MS);
      thread.once("message", (ms: number) => resolve(Math.round(ms)));
      thread.once("error", reject);
    });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}

/** Drags the page about as a hand does, and counts its frames meanwhile. */
async function dragged(page: Page): Promise<{ readonly perSecond: number; readonly longestMs: number }> {
  const frames = page.evaluate(countFrames, DRAG_MS);
  await page.mouse.move(900, 700);
  await page.mouse.down();
  const until = performance.now() + DRAG_MS;
  for (let step = 0; performance.now() < until; step++) {
    await page.mouse.move(900 + 250 * Math.sin(step / 12), 600 + 100 * Math.cos(step / 9));
    await new Promise((resolve) => setTimeout(resolve, 8));
  }
  await page.mouse.up();
  return frames;
}

/** Runs in the page. */
function countFrames(forMs: number): Promise<{ perSecond: number; longestMs: number }> {
  return new Promise((resolve) => {
    const began = performance.now();
    let [last, frames, longest] = [began, 0, 0];
    const frame = (at: number) => {
      frames += 1;
      longest = Math.max(longest, at - last);
      last = at;
      if (at - began < forMs) requestAnimationFrame(frame);
      else resolve({ perSecond: Math.round((frames * 10_000) / (at - began)) / 10, longestMs: Math.round(longest) });
    };
    requestAnimationFrame(frame);
  });
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
