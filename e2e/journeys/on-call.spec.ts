/**
 * Whoever is on call: an alert comes, and its link says which group is stuck, on what, since when and why; then
 * that it is over.
 */
import { readFile } from "node:fs/promises";
import { expect, test, type Page } from "playwright/test";
import {
  ask,
  base,
  eventually,
  expectAccessible,
  picture,
  received,
  setFault,
  watchConsole,
  type SentAlert,
} from "./support.ts";

interface Group {
  row: { verdict: string; cause: { cause: string } | null };
}
interface Incidents {
  items: { id: number; group: string; cause: string | null }[];
}

/** At first that it does not move, then, with the cause found, what it does not get past. */
const STANDS_STILL = /has not moved|does not get past|commits offset/;
const STUCK_RULE = "Stuck consumer";

const payments = () => ask<Group>("/api/groups/demo/payments");
const verdictOf = (page: Page) => page.getByRole("region", { name: "Verdict" });
const sentForPayments = async (kind: SentAlert["kind"]) =>
  (await received()).filter(
    (one) => one.kind === kind && one.rule === STUCK_RULE && one.alerts.some(({ group }) => group === "payments"),
  );

/** On the rail, with the mouse. */
async function scrubTo(page: Page, atMs: number): Promise<void> {
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
  // Of what goes on until a report is read, the curves and the marks, the second one may have more.
  const lasting = (text: string) => text.slice(0, text.indexOf("## How it went"));
  expect(lasting(downloaded)).toContain("## Cause: ");
  expect(lasting(downloaded)).toBe(lasting(copied));
  for (const text of [copied, downloaded])
    expect(text).toMatch(/^lag +[ ▁-█]+ at most [\d,]+ events$[^]*^## Timeline$[^]*^Read at /m);
  expectNoErrors();
});

test("the filters of a list are kept under a name", async ({ page }) => {
  const expectNoErrors = watchConsole(page);
  const views = page.getByRole("button", { name: "Views" });
  await page.goto(`${base()}/groups`);
  await page.getByLabel("Filter by group name").fill("ship");
  await expect(page).toHaveURL(/q=ship/);
  await expect(page.getByRole("row")).toHaveCount(2);
  await views.click();
  await page.getByLabel("Name of the view").fill("Shipping only");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: /^Shipping only/ })).toBeVisible();
  await expectAccessible(page);

  await page.goto(`${base()}/groups`);
  await expect(page.getByRole("row").nth(2)).toBeVisible();
  await views.click();
  await page.getByRole("button", { name: /^Shipping only/ }).click();
  await expect(page).toHaveURL(/q=ship/);
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(page.getByRole("row").nth(1)).toContainText("shipping");

  await views.click();
  await page.getByRole("button", { name: "Delete the view Shipping only" }).click();
  await expect(page.getByRole("button", { name: /^Shipping only/ })).toBeHidden();
  await page.reload();
  await views.click();
  await expect(page.getByText("No saved views yet")).toBeVisible();
  expectNoErrors();
});
