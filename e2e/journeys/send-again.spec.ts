/** A developer has fixed the bug, sends the dead letters again, once, and sees how each ended. */
import { expect, test } from "playwright/test";
import { ask, base, eventually, expectAccessible, picture, setFault, tabTo, watchConsole } from "./support.ts";

interface Failures {
  items: { fingerprint: string; open: number; groups: string[] }[];
}
interface Replay {
  row: { status: string; progress: { total: number; sent: number } };
  outcomes: { consumed: number; deadLettered: number; waiting: number };
}

/** Makes some dead letters of one cause, and mends it. */
async function someFailures(): Promise<string> {
  await setFault("failing-payments", true);
  const failing = await eventually("some dead letters of one cause", async () =>
    (await ask<Failures>("/api/failures?group=payments")).items.find((row) => row.open >= 5),
  );
  await setFault("failing-payments", false);
  return failing.fingerprint;
}

const verified = (id: string): Promise<Replay> =>
  eventually("every event sent and consumed", async () => {
    const replay = await ask<Replay>(`/api/replays/${id}`);
    return replay.row.status === "completed" && replay.outcomes.waiting === 0 && replay;
  });

test("dead letters are previewed, sent once each, and seen consumed", async ({ page }, info) => {
  const expectNoErrors = watchConsole(page);
  const fingerprint = await someFailures();

  await page.goto(`${base()}/failures`);
  await expect(page.getByRole("row").nth(1)).toContainText("payments");
  await picture(page, info, "failures");
  await expectAccessible(page);
  await page.goto(`${base()}/failures/${fingerprint}`);
  await expect(page.getByRole("row").filter({ hasText: "payments" }).first()).toBeVisible();
  await picture(page, info, "failure");
  await expectAccessible(page);

  await page
    .getByRole("button", { name: /^Replay/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.getByText("nothing has been sent yet")).toBeVisible();
  await page.getByRole("link", { name: "the draft’s own page" }).click();
  await expect(page).toHaveURL(/\/replays\/\d+/);
  await expect(page.getByRole("checkbox", { name: "Send item 0" })).toBeChecked();
  await page.getByRole("button", { name: "Edit item 0" }).click();
  await expect(page.getByRole("textbox", { name: "Body" })).not.toBeEmpty();
  await page.getByRole("textbox", { name: "Body" }).fill("{");
  await expect(page.getByText("No valid JSON")).toBeVisible();
  await picture(page, info, "edit");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  const stale = page.getByRole("radio", { name: "send all the same" });
  if (await stale.isVisible()) await stale.click();
  await picture(page, info, "preview");
  await expectAccessible(page);
  await page.getByLabel(/^Why/).fill("the gateway answers again");
  await page.getByRole("button", { name: /^Send \d/ }).click();

  const id = /\/replays\/(\d+)/.exec(page.url())?.[1] ?? "";
  const done = await verified(id);
  expect(done.row.progress.sent).toBe(done.row.progress.total);
  expect(done.outcomes.consumed).toBe(done.row.progress.total);
  await expect(page.getByText(/completed/i).first()).toBeVisible();
  await expect(page.getByText(`${done.row.progress.total} of ${done.row.progress.total} verified`)).toBeVisible();
  await picture(page, info, "replay");
  await expectAccessible(page);
  expectNoErrors();
});

test("all of it goes with the keyboard alone", async ({ page }) => {
  const expectNoErrors = watchConsole(page);
  const fingerprint = await someFailures();
  await page.goto(`${base()}/failures`);
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  await expect(async () => {
    await page.keyboard.press("j");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("href"))).toBe(`/failures/${fingerprint}`);
  }).toPass({ intervals: [50] });
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("button", { name: /^Replay/ }).first());
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("button", { name: "Preview" }));
  await page.keyboard.press("Enter");
  const why = page.getByLabel(/^Why/);
  await expect(why).toBeVisible();
  const stale = page.getByRole("radio", { name: "send all the same" });
  if (await stale.isVisible()) {
    await tabTo(page, stale);
    await page.keyboard.press("Space");
    await expect(stale).toBeChecked();
  }
  await tabTo(page, why);
  await page.keyboard.type("the gateway answers again");
  await tabTo(page, page.getByRole("button", { name: /^Send \d/ }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/replays\/\d+/);
  const done = await verified(/\/replays\/(\d+)/.exec(page.url())?.[1] ?? "");
  expect(done.outcomes.consumed).toBe(done.row.progress.total);
  await expect(page.getByText(`${done.row.progress.total} of ${done.row.progress.total} verified`)).toBeVisible();
  expectNoErrors();
});
