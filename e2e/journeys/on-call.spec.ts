/** Whoever is on call: which group is stuck, on what, since when? */
import { expect, test } from "playwright/test";
import { ask, base, eventually, expectAccessible, picture, setFault, watchConsole } from "./support.ts";

interface Group {
  row: { verdict: string; reason: string | null };
  head: { topic: string; offset: string }[];
}

test("a poison event is named as what holds payments, and its going is seen", async ({ page }, info) => {
  test.setTimeout(300_000);
  const expectNoErrors = watchConsole(page);
  await page.goto(base());
  await page.getByRole("button", { name: "Break something" }).click();
  await page.getByRole("switch", { name: /poison/i }).click();
  try {
    await eventually("payments judged stopped or stalled", async () => ["stopped", "stalled"].includes((await ask<Group>("/api/groups/demo/payments")).row.verdict), 150_000);
    await page.goto(`${base()}/groups`);
    const first = page.getByRole("row").nth(1);
    await expect(first).toContainText("payments");
    await picture(page, info, "groups");
    await expectAccessible(page);
    await first.getByRole("link").first().click();
    await expect(page).toHaveURL(/\/groups\/demo\/payments/);
    await expect(page.getByText(/has not moved/).first()).toBeVisible();
    await picture(page, info, "group");
    await expectAccessible(page);
  } finally {
    await setFault("poison", false);
  }
  await eventually("payments well again", async () => (await ask<Group>("/api/groups/demo/payments")).row.verdict === "ok", 120_000);
  await expect(page.getByText(/has not moved/)).toHaveCount(0, { timeout: 30_000 });
  expectNoErrors();
});
