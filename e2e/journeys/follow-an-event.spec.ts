/** The engineer's job: what happened to this order, which services saw it, which have not yet? */
import { expect, test } from "playwright/test";
import { ask, base, eventually, expectAccessible, picture, watchConsole } from "./support.ts";

interface Graph {
  nodes: { id: string; kind: string; label: string }[];
  edges: { id: string; kind: string; from: string; to: string; ratePerSecond: number }[];
}
interface Traces {
  items: { traceId: string; services: string[]; events: number }[];
}

test("the flow graph shows the example system, live", async ({ page }, info) => {
  const expectNoErrors = watchConsole(page);
  await eventually("every service, topic and group in the graph", async () => {
    const graph = await ask<Graph>("/api/flow");
    const labels = new Set(graph.nodes.map((node) => node.label));
    return (
      ["customer", "orders", "payments", "inventory", "shipping", "notifications"].every((name) => labels.has(name)) &&
      graph.edges.filter((edge) => edge.kind === "consume").length >= 10
    );
  });
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await page.goto(base());
  const graph = page.getByRole("application").or(page.locator(".react-flow")).first();
  await expect(graph).toBeVisible({ timeout: 60_000 });
  for (const name of ["customer", "orders", "payments", "inventory", "shipping"])
    await expect(page.locator(".react-flow__node").filter({ hasText: name }).first()).toBeVisible();
  await expect(page.getByText("Live", { exact: true }).first()).toBeVisible();
  await picture(page, info, "flow");
  await expectAccessible(page);

  await page.locator(".react-flow__node").filter({ hasText: "payments" }).first().click();
  await expect(page.getByRole("complementary", { name: "Selected" }).or(page.getByLabel("Selected"))).toBeVisible();
  await expect(page).toHaveURL(/payments/);
  await picture(page, info, "flow-selected");
  await expectAccessible(page);
  expectNoErrors();
});

test("an order is found by its trace ID and followed to its end", async ({ page }, info) => {
  const expectNoErrors = watchConsole(page);
  const trace = await eventually("a trace over four services", async () =>
    (await ask<Traces>("/api/traces?limit=100")).items.find((row) => row.services.length >= 4),
  );
  await page.goto(base());
  await page.getByRole("button", { name: "Search traces, keys, topics and groups" }).click();
  await page.getByPlaceholder("Trace ID, event ID, key, topic, group or service").fill(trace.traceId);
  await page.getByRole("option").first().click();
  await expect(page).toHaveURL(new RegExp(`/traces/${trace.traceId}`));
  for (const service of ["orders", "payments"]) await expect(page.getByText(service).first()).toBeVisible();
  await expect(page.getByText(/consumed/i).first()).toBeVisible();
  await picture(page, info, "trace");
  await expectAccessible(page);
  expectNoErrors();
});

test("what an order became is played by its key, event by event", async ({ page }, info) => {
  const expectNoErrors = watchConsole(page);
  const key = await eventually("a key with three events", async () => {
    const { items } = await ask<Traces>("/api/traces?limit=100");
    for (const { traceId } of items.filter((row) => row.services.length >= 4).slice(0, 5)) {
      const { events } = await ask<{ events: { key: string | null }[] }>(`/api/traces/${traceId}`);
      const found = events
        .map((event) => event.key)
        .find((one) => one !== null && events.filter((event) => event.key === one).length >= 3);
      if (found !== undefined) return found;
    }
    return undefined;
  });
  await page.goto(base());
  await page.getByRole("button", { name: "Search traces, keys, topics and groups" }).click();
  await page.getByPlaceholder("Trace ID, event ID, key, topic, group or service").fill(`key ${key}`);
  await page.getByRole("option", { name: /the state they build/ }).click();
  await expect(page).toHaveURL(new RegExp(`/entities/${encodeURIComponent(key ?? "")}`));
  await expect(page.getByText("State after this event")).toBeVisible();
  const position = page.getByRole("slider", { name: "Event" });
  const last = Number(await position.getAttribute("max"));
  await expect(position).toHaveValue(String(last));
  await page.keyboard.press("Home");
  await expect(position).toHaveValue("0");
  await expect(page.getByRole("region", { name: "State" }).getByText("added").first()).toBeAttached();
  await page.keyboard.press("ArrowRight");
  await expect(position).toHaveValue("1");
  await page.keyboard.press(" ");
  await expect(position).toHaveValue("2");
  await picture(page, info, "entity");
  await expectAccessible(page);
  expectNoErrors();
});

for (const [path, heading] of [
  ["/groups", "Groups"],
  ["/incidents", "Incidents"],
  ["/alerts", "Alerts"],
  ["/topics", "Topics"],
  ["/traces", "Traces"],
  ["/failures", "Failures"],
  ["/replays", "Replays"],
  ["/settings", "Settings"],
] as const) {
  test(`${path} is readable, in both themes and on a phone`, async ({ page }, info) => {
    const expectNoErrors = watchConsole(page);
    await page.goto(`${base()}${path}`);
    await expect(page.getByRole("heading", { name: heading }).first()).toBeVisible();
    await page.waitForLoadState("load");
    await picture(page, info, "dark");
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: "light" });
    await page.evaluate(() => localStorage.setItem("theme", "light"));
    await page.reload();
    await expect(page.getByRole("heading", { name: heading }).first()).toBeVisible();
    await expectAccessible(page);
    await picture(page, info, "light");
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await picture(page, info, "phone");
    expectNoErrors();
  });
}

test("a topic's messages arrive decoded while one looks", async ({ page }, info) => {
  const expectNoErrors = watchConsole(page);
  await page.goto(`${base()}/topics/demo/orders`);
  await page.getByRole("tab", { name: /messages/i }).click();
  await expect(page.getByText("order.placed").first()).toBeVisible();
  await picture(page, info, "messages");
  await expectAccessible(page);
  expectNoErrors();
});
