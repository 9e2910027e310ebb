/**
 * An operator moves a group: its offsets are changed while no member is connected, changed back, and one event is
 * skipped.
 */
import { expect, test, type Page } from "playwright/test";
import { ask, base, eventually, expectAccessible, picture, setFault, watchConsole } from "./support.ts";

interface Group {
  row: { members: number; verdict: string };
  partitions: { topic: string; partition: number; committedOffset: string | null; lagMessages: string | null }[];
}
interface Replay {
  row: { status: string };
}

const analytics = () => ask<Group>("/api/groups/demo/analytics");
const replayTab = (query = "") => `${base()}/groups/demo/analytics?tab=replay${query}`;
const committed = async (topic: string, partition: number) =>
  (await analytics()).partitions.find((one) => one.topic === topic && one.partition === partition)?.committedOffset;

/** Says why, starts it, and waits on its page until it is done. */
async function run(page: Page, button: RegExp): Promise<void> {
  await page.getByLabel(/^Why/).fill("the totals were wrong");
  await page.getByRole("button", { name: button }).click();
  await expect(page).toHaveURL(/\/replays\/\d+/);
  const id = /\/replays\/(\d+)/.exec(page.url())?.[1] ?? "";
  await eventually(
    "the run completed",
    async () => (await ask<Replay>(`/api/replays/${id}`)).row.status === "completed",
  );
  await expect(page.getByText(/completed/i).first()).toBeVisible();
}

test("a group's offsets are moved and moved back, and one event is skipped", async ({ page }, info) => {
  const expectNoErrors = watchConsole(page);
  await page.goto(replayTab("&how=shift&shift=-5"));
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.getByRole("heading", { name: "Who is connected" })).toBeVisible();
  await expect(page.getByText(/Stop the group’s .*first, or wait for that/)).toBeVisible();
  await expect(page.getByRole("button", { name: /^Move \d/ })).toBeDisabled();
  await picture(page, info, "connected");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Discard" }).click();

  await setFault("crashed-consumer", true);
  try {
    const partition = await eventually("analytics gone, with something waiting", async () => {
      const { row, partitions } = await analytics();
      return (
        row.members === 0 &&
        partitions.find(
          ({ topic, lagMessages, committedOffset }) =>
            topic === "orders" && Number(lagMessages) > 2 && Number(committedOffset) > 20,
        )
      );
    });
    const stoodAt = partition.committedOffset ?? "";
    await page.goto(replayTab(`&how=shift&shift=-5&topic=orders&partition=${partition.partition}`));
    await page.getByRole("button", { name: "Preview" }).click();
    await expect(page.getByRole("button", { name: "Move 1 offset" })).toBeVisible();
    await picture(page, info, "reset");
    await expectAccessible(page);
    await run(page, /^Move 1 offset/);
    await eventually(
      "five earlier",
      async () => (await committed("orders", partition.partition)) === String(Number(stoodAt) - 5),
    );
    await picture(page, info, "moved");
    await expectAccessible(page);

    await page.getByRole("button", { name: "Undo…" }).click();
    await expect(page.getByRole("button", { name: "Move 1 offset" })).toBeVisible();
    await run(page, /^Move 1 offset/);
    await eventually("where it stood", async () => (await committed("orders", partition.partition)) === stoodAt);

    await page.goto(replayTab(`&skip=${encodeURIComponent(`orders/${partition.partition}/${stoodAt}`)}`));
    await page.getByLabel("Keep its copy in").fill("orders-dlt");
    await page.getByRole("button", { name: "Preview the skip" }).click();
    await expect(page.getByRole("button", { name: "Skip this event" })).toBeVisible();
    await picture(page, info, "skip");
    await expectAccessible(page);
    await run(page, /^Skip this event/);
    await eventually(
      "past the event",
      async () => (await committed("orders", partition.partition)) === String(Number(stoodAt) + 1),
    );
    await picture(page, info, "skipped");
    await expectAccessible(page);
  } finally {
    await setFault("crashed-consumer", false);
  }
  await eventually("analytics at work again", async () => (await analytics()).row.members > 0);
  expectNoErrors();
});
