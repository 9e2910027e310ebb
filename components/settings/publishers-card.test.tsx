import { stubApi, VIEWER } from "#e2e/dom/api.ts";
import { renderPage } from "#e2e/dom/render.tsx";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { screen, waitFor } from "@testing-library/react";
import { PublishersCard } from "./publishers-card.tsx";

const AT = "2026-12-01T00:00:00.000Z";
const CANDIDATE = {
  cluster: "prod",
  name: "cg-3",
  evidence: "transaction",
  group: "cg-3",
  topics: [
    { topic: "stock", records: 1200, namedRecords: 0, isOnlyWriter: true },
    { topic: "audit", records: 7, namedRecords: 0, isOnlyWriter: false },
  ],
  producers: 2,
  firstAt: AT,
  lastAt: AT,
  rules: [
    { kind: "topic", name: "stock", service: "cg-3" },
    { kind: "group", name: "cg-3", service: "cg-3" },
  ],
};
const RULE = { kind: "topic", name: "payments", service: "pay", createdBy: "mia", createdAt: AT };
const NO_CONTENT = () => new Response(null, { status: 204 });

describe("the card of publishers", () => {
  it("takes a candidate over under the name that is entered", async () => {
    const api = stubApi({
      "GET /api/publishers": { candidates: [CANDIDATE], rules: [] },
      "POST /api/publishers": NO_CONTENT,
    });
    const { user } = renderPage(<PublishersCard />);
    const service = await screen.findByLabelText("Service of cg-3");
    assert.ok(screen.getByText(/Its transactions commit offsets of the group/));
    assert.ok(screen.getByText(/others write there too/));
    await user.clear(service);
    assert.equal(screen.getByRole<HTMLButtonElement>("button", { name: "Take over" }).disabled, true);
    await user.type(service, "inventory");
    assert.ok(screen.getByText(/- \{ topic: "stock", service: "inventory" \}/));
    await user.click(screen.getByRole("button", { name: "Take over" }));
    await screen.findByText("Publisher taken over");
    assert.deepEqual(api.sent("POST /api/publishers"), [
      {
        rules: [
          { kind: "topic", name: "stock", service: "inventory" },
          { kind: "group", name: "cg-3", service: "inventory" },
        ],
      },
    ]);
  });

  it("gives up what was taken over", async () => {
    const api = stubApi({
      "GET /api/publishers": { candidates: [], rules: [RULE] },
      "DELETE /api/publishers": NO_CONTENT,
    });
    const { user } = renderPage(<PublishersCard />);
    await screen.findByText("Nothing to take over");
    await user.click(screen.getByRole("button", { name: "Give up the topic payments" }));
    await waitFor(() =>
      assert.ok(api.requests.some(({ path }) => path === "/api/publishers?kind=topic&name=payments")),
    );
  });

  it("lets viewers copy the lines and change nothing", async () => {
    stubApi({ "GET /api/session": VIEWER, "GET /api/publishers": { candidates: [CANDIDATE], rules: [RULE] } });
    renderPage(<PublishersCard />);
    await screen.findByLabelText("Service of cg-3");
    await waitFor(() =>
      assert.equal(screen.getByRole<HTMLButtonElement>("button", { name: "Take over" }).disabled, true),
    );
    assert.equal(screen.getByRole<HTMLButtonElement>("button", { name: "Copy lines" }).disabled, false);
  });
});
