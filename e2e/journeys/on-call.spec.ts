/**
 * An engineer on call receives an alert. Its link shows which group is stuck, on which event, since when and why.
 * Then a second message says that it is over.
 */
import { readFile } from "node:fs/promises";
import { expect, test } from "playwright/test";
import { payments, scrubTo, sentForPayments, STANDS_STILL, verdictOf } from "./on-call-steps.ts";
import { ask, base, eventually, expectAccessible, picture, received, setFault, watchConsole } from "./support.ts";

interface Incidents {
  items: { id: number; group: string; cause: string | null }[];
}

test("an alert leads to the stuck group, its cause and its end", async ({ page }, info) => {
  test.setTimeout(480_000);
  const expectNoErrors = watchConsole(page);
  const verdict = verdictOf(page);
  await eventually("payments well", async () => (await payments()).row.verdict === "ok");
  const wellAtMs = Date.now();

  await page.goto(base());
  await page.getByRole("button", { name: "Break something" }).click();
  await page.getByRole("switch", { name: /poison/i }).click();
  try {
    await eventually(
      "payments judged stopped or stalled",
      async () => ["stopped", "stalled"].includes((await payments()).row.verdict),
      150_000,
    );
    await test.step("it stands first in the list", async () => {
      await page.goto(`${base()}/groups`);
      const first = page.getByRole("row").nth(1);
      await expect(first).toContainText("payments");
      await picture(page, info, "groups");
      await expectAccessible(page);
      await first.getByRole("link").first().click();
      await expect(page).toHaveURL(/\/groups\/demo\/payments/);
      await expect(verdict).toContainText(STANDS_STILL);
    });

    const alert = await eventually("an alert of payments", async () => (await sentForPayments("firing"))[0], 120_000);
    await test.step("the alert's link opens the group as it was, with the cause", async () => {
      expect([alert.total, alert.alerts[0]?.cause]).toEqual([1, "poison_event"]);
      await page.goto(alert.url);
      await expect(page).toHaveURL(/\/groups\/demo\/payments\?at=/);
      await expect(page.getByText("Showing the state at")).toBeVisible();
      await expect(verdict).toContainText(STANDS_STILL);
      await expect(page.getByRole("heading", { name: "Cause: poison event" })).toBeVisible();
      await expect(page.getByText("cust-0077").first()).toBeVisible();
      await picture(page, info, "alerted");
      await expectAccessible(page);
    });

    await test.step("it is silenced and heard again where one looks at it", async () => {
      await page.getByRole("button", { name: "Silence" }).click();
      await page.getByRole("menuitem", { name: "1 hour" }).click();
      await page.getByRole("button", { name: /^Silenced/ }).click();
      await page.getByRole("menuitem", { name: "End silence" }).click();
      await expect(page.getByRole("button", { name: "Silence", exact: true })).toBeVisible();
    });

    await test.step("a while before it was well", async () => {
      await page.getByRole("button", { name: "Back to live" }).click();
      await expect(page.getByText("Showing the state at")).toBeHidden();
      await scrubTo(page, wellAtMs);
      await expect(page.getByText("Showing the state at")).toBeVisible();
      await expect(verdict).toContainText("Keeps up with what arrives");
      await expect(page.getByRole("heading", { name: "Cause: poison event" })).toBeHidden();
      await picture(page, info, "before");
      await page.getByRole("button", { name: "Back to live" }).click();
      await expect(verdict).toContainText(STANDS_STILL);
      await picture(page, info, "group");
      await expectAccessible(page);
    });
  } finally {
    await setFault("poison", false);
  }
  await eventually("payments well again", async () => (await payments()).row.verdict === "ok", 120_000);
  await expect(verdict).not.toContainText(STANDS_STILL, { timeout: 60_000 });

  await test.step("that it is over is told once, as it was told once that it began", async () => {
    const over = await eventually("that it is over", async () => (await sentForPayments("resolved"))[0], 120_000);
    const firing = await sentForPayments("firing");
    expect(firing.map(({ key }) => key)).toEqual([over.key]);
    expect((await sentForPayments("resolved")).length).toBe(1);
    const ids = (await received()).map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    await page.goto(`${base()}/alerts`);
    await expect(
      page
        .getByRole("region", { name: "Resolved alerts", exact: true })
        .getByRole("row")
        .filter({ hasText: "Poison event" }),
    ).toHaveCount(1);
    const messages = page
      .getByRole("region", { name: "Messages" })
      .getByRole("row")
      .filter({ hasText: "payments · Poison event" });
    await expect(messages).toHaveCount(2);
    await expect(messages.getByText("SENT")).toHaveCount(2);
    await picture(page, info, "alerts");
    await expectAccessible(page);
  });
  expectNoErrors();
});

test("what happened is kept as an incident, and leaves as a report", async ({ page, context }, info) => {
  const expectNoErrors = watchConsole(page);
  await eventually("an incident of payments", async () =>
    (await ask<Incidents>("/api/incidents?group=payments")).items.find(({ cause }) => cause === "poison_event"),
  );
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${base()}/groups/demo/payments?tab=history`);
  await expect(
    page.getByText("Opened: poison event").or(page.getByText("Changed: poison event")).first(),
  ).toBeVisible();
  await page.getByRole("tabpanel").getByRole("link", { name: "Report" }).click();
  await expect(page).toHaveURL(/\/incidents\/\d+/);
  await expect(page.getByRole("heading", { name: "payments: poison event" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Timeline" })).toBeVisible();
  await picture(page, info, "incident");
  await expectAccessible(page);

  await page.getByRole("button", { name: "Copy Markdown" }).click();
  await expect(page.getByText("The report as Markdown", { exact: true })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain("# payments: poison event");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^incident-\d+\.md$/);
  const downloaded = await readFile(await download.path(), "utf8");
  // The report includes what happened until it is read, so the second one may have longer curves and more events.
  const lasting = (text: string) => text.slice(0, text.indexOf("## How it went"));
  expect(lasting(downloaded)).toContain("## Cause: ");
  expect(lasting(downloaded)).toBe(lasting(copied));
  for (const text of [copied, downloaded])
    expect(text).toMatch(/^lag +[ ▁-█]+ at most [\d,]+ events$[^]*^## Timeline$[^]*^Read at /m);
  expectNoErrors();
});
