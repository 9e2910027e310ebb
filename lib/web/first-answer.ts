/**
 * What a page is sent along with it, so that its first picture does not wait for the browser to ask. The page never
 * waits long for it.
 */
import "server-only";
import { headers } from "next/headers";
import type { ElkNode } from "elkjs/lib/elk-api.js";
import type { z } from "zod";
import { container } from "./container.ts";
import { DOCUMENT } from "./origin.ts";
import type { RouteKey } from "./route-table.ts";

const ANSWER_WITHIN_MS = 250;
/** Of a part that is sent behind the rest of its page, which shows already. */
const STREAMED_WITHIN_MS = 2000;
const LAYOUT_WITHIN_MS = 50;

/**
 * What the API answers this reader, asked in their name; `url` is the API's address without an origin. Null when it
 * does not answer at once, refuses or fails (then the browser asks, and shows why), and where a reader goes from page
 * to page: their browser has the last data and asks for the next itself. `isStreamed`: the page around shows already.
 */
export async function firstAnswer<S extends z.ZodType>(
  key: RouteKey,
  url: string,
  schema: S,
  { isStreamed = false } = {},
): Promise<z.output<S> | null> {
  const asked = await headers();
  if (!asked.has(DOCUMENT)) return null;
  const who = ["authorization", "cookie"].flatMap((name): [string, string][] =>
    asked.get(name) === null ? [] : [[name, asked.get(name) ?? ""]],
  );
  const request = new Request(new URL(url, "http://flowtap.invalid"), { headers: who });
  return within(isStreamed ? STREAMED_WITHIN_MS : ANSWER_WITHIN_MS, read(container().serve(key, request), schema));
}

async function read<S extends z.ZodType>(answer: Promise<Response>, schema: S): Promise<z.output<S> | null> {
  const response = await answer;
  return response.ok ? (schema.safeParse(await response.json()).data ?? null) : null;
}

/** Graphs with everything in its place. What takes longer than a page may wait, the next page may find done. */
export const firstLayout = (graphs: readonly ElkNode[]): Promise<readonly (ElkNode | null)[] | null> =>
  container().layouts.layOut(graphs);

/** Null when a layout is not there in time. */
export const layoutInTime = <T>(answer: Promise<T>): Promise<T | null> => within(LAYOUT_WITHIN_MS, answer);

async function within<T>(ms: number, answer: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ms)));
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
