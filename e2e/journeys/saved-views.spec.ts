/** A user who opens the same list every day saves its filters under a name. */
import { expect, test } from "playwright/test";
import { base, expectAccessible, watchConsole } from "./support.ts";

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
