/** What the journeys share: asking the API, waiting for the example system, axe, pictures. */
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Locator, type Page, type TestInfo } from "playwright/test";

export const base = (): string => process.env["FLOWTAP_URL"] ?? "http://localhost:3000";

export async function ask<T>(path: string): Promise<T> {
  const response = await fetch(`${base()}${path}`);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

export async function setFault(name: string, on: boolean): Promise<void> {
  const response = await fetch(`${base()}/api/demo/faults/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: base() },
    body: JSON.stringify({ on }),
  });
  if (!response.ok) throw new Error(`the fault ${name} could not be switched: ${await response.text()}`);
}

/** One message of the demo's alerts, as the webhook got it. */
export interface SentAlert {
  readonly id: string;
  readonly key: string;
  readonly kind: "firing" | "resolved" | "test";
  readonly rule: string;
  readonly url: string;
  readonly total: number;
  readonly alerts: readonly { readonly group: string; readonly cause: string | null }[];
}

/** The messages that the demo's pager has received so far, in order. */
export async function received(): Promise<readonly SentAlert[]> {
  const response = await fetch(process.env["FLOWTAP_TEST_PAGER"] ?? "");
  return ((await response.json()) as { json: SentAlert }[]).map(({ json }) => json);
}

/** Repeats the check until it returns something; fails with its last result. */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | null | undefined | false>,
  timeoutMs = 90_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const found = await check();
      if (found) return found;
      last = found;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`${what} did not happen within ${timeoutMs / 1000} s; last seen: ${String(last)}`);
}

/** No serious or critical finding of axe (WCAG 2.2 AA) on the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    // Only violations are read: axe then keeps one node of what passes, and not all.
    .options({ resultTypes: ["violations"] })
    // There are no frames of another origin, for which axe would open a second page each time.
    .setLegacyMode()
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(
    grave.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map((node) => node.html.slice(0, 200))
          .join(" | ")}`,
    ),
  ).toEqual([]);
}

export async function picture(page: Page, info: TestInfo, name: string): Promise<void> {
  await info.attach(name, {
    body: await page.screenshot({ path: info.outputPath(`${name}.png`), animations: "disabled" }),
    contentType: "image/png",
  });
}

/** Presses Tab until the element has the focus, as a user without a mouse does. */
export async function tabTo(page: Page, target: Locator, most = 80): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < most; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${target.toString()} is not reached with ${most} presses of Tab`);
}

/**
 * Fails the journey on anything the browser's console calls an error: a refused script or style, a failed request, a
 * React complaint.
 */
export function watchConsole(page: Page): () => void {
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => errors.push(error.message));
  return () => expect(errors).toEqual([]);
}
