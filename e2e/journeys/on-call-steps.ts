/** What the journeys of an alert do over and over: ask about `payments`, and choose a point in time. */
import type { Locator, Page } from "playwright/test";
import { ask, received, type SentAlert } from "./support.ts";

interface Group {
  row: { verdict: string; cause: { cause: string } | null };
}
/** First the verdict says that the group does not move; once the cause is known, which event it cannot process. */
export const STANDS_STILL = /has not moved|does not get past|commits offset/;
const STUCK_RULE = "Stuck consumer";

export const payments = () => ask<Group>("/api/groups/demo/payments");
export const verdictOf = (page: Page): Locator => page.getByRole("region", { name: "Verdict" });
export const sentForPayments = async (kind: SentAlert["kind"]) =>
  (await received()).filter(
    (one) => one.kind === kind && one.rule === STUCK_RULE && one.alerts.some(({ group }) => group === "payments"),
  );

/** Clicks the time rail at the given time. */
export async function scrubTo(page: Page, atMs: number): Promise<void> {
  const rail = page.getByRole("slider", { name: "Point in time" });
  const [from, to, box] = await Promise.all([
    rail.getAttribute("aria-valuemin"),
    rail.getAttribute("aria-valuemax"),
    rail.boundingBox(),
  ]);
  if (box === null) throw new Error("the rail is not there");
  await page.mouse.click(
    box.x + (box.width * (atMs - Number(from))) / (Number(to) - Number(from)),
    box.y + box.height / 2,
  );
}
