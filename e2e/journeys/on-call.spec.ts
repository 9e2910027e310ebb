/** Whoever is on call: which group is stuck, on what, since when? */
import { expect, test } from "playwright/test";
import { ask, base, eventually, expectAccessible, picture, setFault, watchConsole } from "./support.ts";

interface Group {
  row: { verdict: string; reason: string | null };
  head: { topic: string; offset: string }[];
}

/** At first that it does not move, then, with the cause found, what it does not get past. */
const STANDS_STILL = /has not moved|does not get past|commits offset/;

test("a poison event is named as what holds payments, and its going is seen", async ({ page }, info) => {
  test.setTimeout(300_000);
  const expectNoErrors = watchConsole(page);
  const verdict = page.getByRole("region", { name: "Verdict" });
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
    await expect(verdict).toContainText(STANDS_STILL);
    await picture(page, info, "group");
    await expectAccessible(page);
  } finally {
    await setFault("poison", false);
  }
  await eventually("payments well again", async () => (await ask<Group>("/api/groups/demo/payments")).row.verdict === "ok", 120_000);
  await expect(verdict).not.toContainText(STANDS_STILL, { timeout: 60_000 });
  expectNoErrors();
});
