import { VIEWER, refusal, stubApi } from "#e2e/dom/api.ts";
import { renderPage } from "#e2e/dom/render.tsx";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { screen, waitFor } from "@testing-library/react";
import { SilenceMenu } from "./silence-menu.tsx";

const SILENCE = {
  id: 3,
  rule: "*",
  cluster: "prod",
  group: "payments",
  until: new Date(Date.now() + 2 * 3_600_000).toISOString(),
  reason: "deploy",
  createdAt: new Date().toISOString(),
  createdBy: "mia",
  endedAt: null,
  endedBy: null,
  active: true,
  holdsBack: 0,
};
const menu = <SilenceMenu cluster="prod" group="payments" reason="From the alert: stuck" />;
const openDialog = async () => {
  const page = renderPage(menu);
  await page.user.click(screen.getByRole("button", { name: "Silence" }));
  const item = await screen.findByRole("menuitem", { name: "Until…" });
  await waitFor(() => assert.equal(item.hasAttribute("data-disabled"), false));
  await page.user.click(item);
  const dialog = await screen.findByRole("dialog", { name: "Silence alerts" });
  return { ...page, dialog, submit: screen.getByRole("button", { name: "Silence" }) };
};

describe("the silence menu", () => {
  it("silences the group for an hour with one click", async () => {
    const api = stubApi({ "POST /api/alerts/silences": SILENCE });
    const { user } = renderPage(menu);
    await user.click(screen.getByRole("button", { name: "Silence" }));
    const hour = await screen.findByRole("menuitem", { name: "1 hour" });
    await waitFor(() => assert.equal(hour.hasAttribute("data-disabled"), false));
    const before = Date.now();
    await user.click(hour);
    await screen.findByText(/^Silenced/);
    const [{ until, ...rest }] = api.sent("POST /api/alerts/silences") as [Record<string, string>];
    assert.deepEqual(rest, { rule: "*", cluster: "prod", group: "payments", reason: "From the alert: stuck" });
    const aheadMs = Date.parse(until ?? "") - before;
    assert.ok(aheadMs >= 3_600_000 && aheadMs < 3_660_000, `${aheadMs} ms ahead`);
  });
  it("ends an active silence", async () => {
    const api = stubApi({ "DELETE /api/alerts/silences/3": () => new Response(null, { status: 204 }) });
    const { user } = renderPage(<SilenceMenu cluster="prod" group="payments" reason="x" silences={[SILENCE]} />);
    await user.click(screen.getByRole("button", { name: /^Silenced/ }));
    const end = await screen.findByRole("menuitem", { name: "End silence" });
    await waitFor(() => assert.equal(end.hasAttribute("data-disabled"), false));
    await user.click(end);
    await waitFor(() => assert.equal(api.sent("DELETE /api/alerts/silences/3").length, 1));
  });
  it("lets a viewer do nothing and says why", async () => {
    stubApi({ "GET /api/session": VIEWER });
    const { user } = renderPage(menu);
    await user.click(screen.getByRole("button", { name: "Silence" }));
    await screen.findByText(/tom \(viewer\)/);
    for (const item of screen.getAllByRole("menuitem")) assert.ok(item.hasAttribute("data-disabled"));
  });
});

describe("the silence dialog", () => {
  it("asks for a reason of three characters, then sends what was entered and closes", async () => {
    const api = stubApi({ "POST /api/alerts/silences": SILENCE });
    const { user, dialog, submit } = await openDialog();
    assert.ok(dialog.getAttribute("aria-describedby"), "its description is announced");
    assert.ok(submit.hasAttribute("disabled"));
    await user.type(screen.getByLabelText("Reason"), "no");
    assert.ok(submit.hasAttribute("disabled"));
    await user.type(screen.getByLabelText("Reason"), "on");
    const rule = screen.getByLabelText("Rule");
    await user.clear(rule);
    assert.ok(submit.hasAttribute("disabled"), "an empty pattern matches nothing");
    await user.type(rule, "Stuck*");
    await user.click(submit);
    await waitFor(() => assert.equal(screen.queryByRole("dialog"), null));
    const [{ until, ...rest }] = api.sent("POST /api/alerts/silences") as [Record<string, string>];
    assert.deepEqual(rest, { rule: "Stuck*", cluster: "prod", group: "payments", reason: "noon" });
    assert.ok(Date.parse(until ?? "") > Date.now());
  });
  it("stays open and shows why when the API refuses", async () => {
    stubApi({ "POST /api/alerts/silences": () => refusal(422, "invalid_input", "The end lies in the past.") });
    const { user, submit } = await openDialog();
    await user.type(screen.getByLabelText("Reason"), "noon");
    await user.click(submit);
    const alert = await screen.findByRole("alert");
    assert.match(alert.textContent, /The silence could not be created.*The end lies in the past/);
  });
});
