import { stubApi } from "#e2e/dom/api.ts";
import { renderPage } from "#e2e/dom/render.tsx";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { screen } from "@testing-library/react";
import { SearchDialog } from "./search-dialog.tsx";

const hit = (kind: string, label: string, href: string) => ({ kind, label, detail: "", href });
function open(hits: readonly object[]) {
  const api = stubApi({ "GET /api/search": { hits, note: null } });
  const opened: boolean[] = [];
  const page = renderPage(<SearchDialog open onOpenChange={(open) => opened.push(open)} />);
  return { ...page, api, opened, field: screen.getByRole("combobox") };
}

describe("the search dialog", () => {
  it("opens the hit that the keyboard selects, and closes", async () => {
    const { user, field, pushed, opened, api } = open([
      hit("topic", "orders", "/topics/prod/orders"),
      hit("group", "orders-workers", "/groups/prod/orders-workers"),
    ]);
    await user.type(field, "orders");
    await screen.findByRole("option", { name: /orders-workers/ });
    assert.ok(api.requests.some(({ path }) => path === "/api/search?q=orders"));
    await user.keyboard("{ArrowDown}{Enter}");
    assert.deepEqual(pushed, ["/groups/prod/orders-workers"]);
    assert.deepEqual(opened, [false]);
  });
  it("never leaves the site, whatever the API returns", async () => {
    const { user, field, pushed } = open([hit("topic", "evil", "//evil.example/")]);
    await user.type(field, "evil");
    await user.click(await screen.findByRole("option", { name: /evil/ }));
    assert.deepEqual(pushed, []);
  });
  it("says that nothing was found, and asks nothing before there is text", async () => {
    const { user, field, api } = open([]);
    assert.equal(api.requests.length, 0);
    await user.type(field, "zzz");
    await screen.findByText(/^No results/);
  });
});
