import { stubApi } from "#e2e/dom/api.ts";
import { renderPage } from "#e2e/dom/render.tsx";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { screen, waitFor } from "@testing-library/react";
import type { FlowNode } from "#lib/contracts/flow.ts";
import { FlowNodes } from "./flow-nodes.tsx";
import { group, service, topic } from "./flow-views.test-data.ts";
import { useFlowState } from "./use-flow-state.ts";

const NODES: FlowNode[] = [
  { ...group("payments", null), state: "stuck", verdict: "stalled" },
  service("orders"),
  topic("orders.placed"),
];

function Nodes({ onOpen }: { readonly onOpen: (id: string) => void }) {
  const [state, setState] = useFlowState();
  return <FlowNodes state={state} at={null} windowSeconds={60} onState={setState} onOpen={onOpen} />;
}
function open(answer: (path: string) => FlowNode[] = () => NODES) {
  const opened: string[] = [];
  const api = stubApi({
    "GET /api/flow/nodes": ({ path }) => ({ items: answer(path), next: null, total: answer(path).length }),
  });
  return { opened, api, page: renderPage(<Nodes onOpen={(id) => opened.push(id)} />) };
}
const queries = (api: ReturnType<typeof open>["api"]) =>
  api.requests.map(({ path }) => new URLSearchParams(path.split("?")[1]));

describe("the list of a graph that is too large to be drawn", () => {
  it("is a table that names each node with its kind and state", async () => {
    open();
    const rows = (await screen.findAllByRole("row")).map((row) => row.textContent);
    assert.match(rows[1] ?? "", /payments.*consumer group.*STUCK/i);
    assert.match(rows[2] ?? "", /orders.*service/);
    assert.match(rows[3] ?? "", /orders\.placed.*topic/);
  });
  it("works without a mouse: / searches, j goes to a row, Enter shows it in the graph", async () => {
    const { opened, api, page } = open();
    await screen.findAllByRole("row");
    await page.user.keyboard("/");
    assert.equal(document.activeElement, screen.getByRole("textbox", { name: "Search by name" }));
    await page.user.keyboard("ord");
    await waitFor(() => assert.equal(queries(api).at(-1)?.get("q"), "ord"));
    assert.equal(page.search().get("q"), "ord", "the search is in the address");
    screen.getByRole("textbox", { name: "Search by name" }).blur();
    await page.user.keyboard("jj{Enter}");
    assert.deepEqual(opened, ["s:orders"]);
  });
  it("says so when nothing has such a name, and clears the search", async () => {
    const { page } = open((path) => (path.includes("q=") ? [] : NODES));
    await page.user.type(await screen.findByRole("textbox"), "nobody");
    await page.user.click(await screen.findByRole("button", { name: "Clear the search" }));
    await screen.findByText("payments");
    assert.equal(page.search().get("q"), null);
  });
});
