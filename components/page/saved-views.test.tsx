import { VIEWER, refusal, stubApi } from "#e2e/dom/api.ts";
import { renderPage } from "#e2e/dom/render.tsx";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { screen, waitFor } from "@testing-library/react";
import { SavedViews } from "./saved-views.tsx";

const STUCK = {
  id: 7,
  page: "groups",
  name: "Stuck in prod",
  query: "q=pay&verdict=stalled",
  createdBy: "mia",
  createdAt: "2026-11-21T14:00:00.000Z",
};
const views = <SavedViews page="groups" parameters={["q", "verdict"]} />;
const open = async (search = "") => {
  const page = renderPage(views, { pathname: "/groups", search });
  await page.user.click(screen.getByRole("button", { name: "Views" }));
  return page;
};

describe("saved views", () => {
  it("goes to a view and keeps the time range, but not the page of the list", async () => {
    stubApi({ "GET /api/views": { items: [STUCK] } });
    const { user, pushed } = await open("q=other&minutes=60&cursor=abc");
    await user.click(await screen.findByRole("button", { name: /^Stuck in prod/ }));
    assert.deepEqual(pushed, ["/groups?q=pay&verdict=stalled&minutes=60"]);
    await waitFor(() => assert.equal(screen.queryByRole("dialog"), null));
  });
  it("marks the view whose filters are set, in whatever order the address has them", async () => {
    stubApi({ "GET /api/views": { items: [STUCK] } });
    await open("verdict=stalled&minutes=60&q=pay");
    const view = await screen.findByRole("button", { name: /^Stuck in prod/ });
    assert.equal(view.getAttribute("aria-current"), "true");
  });
  it("saves the list's filters under a name, and nothing else of the address", async () => {
    const api = stubApi({ "GET /api/views": { items: [] }, "POST /api/views": STUCK });
    const { user } = await open("q=pay&at=2026-11-21T14:00:00.000Z");
    const field = await screen.findByRole("textbox");
    await waitFor(() => assert.equal(field.hasAttribute("disabled"), false));
    await user.type(field, "  Stuck in prod {Enter}");
    await screen.findByText("Stuck in prod");
    assert.deepEqual(api.sent("POST /api/views"), [{ page: "groups", name: "Stuck in prod", query: "q=pay" }]);
    assert.equal(api.sent("GET /api/views").length, 2, "the list is read again");
  });
  it("deletes a view; where that fails, it stays and says why", async () => {
    const api = stubApi({
      "GET /api/views": { items: [STUCK] },
      "DELETE /api/views/7": () => refusal(404, "not_found", "There is no view 7."),
    });
    const { user } = await open();
    const button = await screen.findByRole("button", { name: "Delete the view Stuck in prod" });
    await waitFor(() => assert.equal(button.hasAttribute("disabled"), false));
    await user.click(button);
    await screen.findByText("There is no view 7.");
    assert.equal(api.sent("DELETE /api/views/7").length, 1);
  });
  it("lets a viewer use views, not change them", async () => {
    stubApi({ "GET /api/session": VIEWER, "GET /api/views": { items: [STUCK] } });
    const { user, pushed } = await open();
    const button = await screen.findByRole("button", { name: "Delete the view Stuck in prod" });
    assert.ok(button.hasAttribute("disabled"));
    assert.ok(screen.getByRole("textbox").hasAttribute("disabled"));
    await screen.findByText(/You are signed in as tom \(viewer\)/);
    await user.click(screen.getByRole("button", { name: /^Stuck in prod/ }));
    assert.equal(pushed.length, 1);
  });
});
