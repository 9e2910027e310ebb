/**
 * `npm run screenshots`: the pictures in README and docs, of the running demo with a little of its history behind it.
 */
import path from "node:path";
import { expect, test, type Page } from "playwright/test";
import { ask, base, eventually, setFault } from "./support.ts";

const PICTURES = path.resolve(import.meta.dirname, "../../docs/pictures");
const take = (page: Page, name: string) =>
  page.screenshot({ path: path.join(PICTURES, `${name}.png`), animations: "disabled" });
/** long enough for charts that have a shape */
const HISTORY_MS = 120_000;

interface Rows<Row> {
  items: Row[];
}

test("pictures", async ({ page }) => {
  test.setTimeout(900_000);
  await page.waitForTimeout(HISTORY_MS);

  const trace = await eventually("a trace over five services", async () =>
    (await ask<Rows<{ traceId: string; services: string[]; events: number }>>("/api/traces?limit=200")).items.find(
      (row) => row.services.length >= 5 && row.events >= 7,
    ),
  );
  await page.goto(`${base()}/traces/${trace.traceId}`);
  await expect(page.getByText("Outcome per group")).toBeVisible();
  await page.waitForTimeout(3000);
  await take(page, "trace");

  const { events } = await ask<{ events: { key: string | null }[] }>(`/api/traces/${trace.traceId}`);
  await page.goto(`${base()}/entities/${encodeURIComponent(events.find(({ key }) => key !== null)?.key ?? "")}`);
  await expect(page.getByText("State after this event")).toBeVisible();
  for (const key of ["Home", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  await page.waitForTimeout(1000);
  await take(page, "entity");

  await setFault("failing-payments", true);
  const failing = await eventually("a good number of dead letters", async () =>
    (await ask<Rows<{ fingerprint: string; open: number }>>("/api/failures?group=payments")).items.find(
      (row) => row.open >= 30,
    ),
  );
  await setFault("failing-payments", false);
  await page.goto(`${base()}/failures`);
  await expect(page.getByRole("row").nth(1)).toContainText("payments");
  await page.waitForTimeout(2000);
  await take(page, "failures");

  await page.goto(`${base()}/failures/${failing.fingerprint}`);
  await page
    .getByRole("button", { name: /^Replay/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.getByLabel(/^Why/)).toBeVisible();
  const stale = page.getByRole("radio", { name: "send all the same" });
  if (await stale.isVisible()) await stale.click();
  await page.getByLabel(/^Why/).fill("the gateway answers again");
  await page.getByRole("button", { name: /^Send \d/ }).click();
  await expect(page.getByText(/\b([1-9]\d*) of \1 verified/)).toBeVisible({ timeout: 60_000 });
  await take(page, "replay");

  await setFault("poison", true);
  await eventually(
    "payments stopped",
    async () =>
      ["stopped", "stalled"].includes(
        (await ask<{ row: { verdict: string } }>("/api/groups/demo/payments")).row.verdict,
      ),
    150_000,
  );
  await page.waitForTimeout(45_000);
  // As tall as banner, cause and lag are.
  const usual = page.viewportSize() ?? { width: 1440, height: 900 };
  await page.setViewportSize({ width: usual.width, height: 1050 });
  await page.goto(`${base()}/groups/demo/payments`);
  await expect(page.getByRole("heading", { name: "Cause: poison event" })).toBeVisible();
  await page.waitForTimeout(3000);
  await take(page, "group");
  await page.setViewportSize(usual);

  await page.goto(`${base()}/alerts`);
  await expect(page.getByRole("region", { name: "Firing now" }).getByText("payments").first()).toBeVisible();
  await page.waitForTimeout(2000);
  await take(page, "alerts");

  await page.goto(base());
  await expect(page.locator(".react-flow__node").filter({ hasText: "payments" }).first()).toBeVisible();
  await page.waitForTimeout(4000);
  await page.locator(".react-flow__node").filter({ hasText: "payments" }).first().click();
  await page.waitForTimeout(4000);
  await take(page, "flow-stuck");
  await page.keyboard.press("Escape");
  await page.waitForTimeout(3000);
  await take(page, "flow");
  await setFault("poison", false);
});
