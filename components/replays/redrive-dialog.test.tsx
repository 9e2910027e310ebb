import { VIEWER, refusal, stubApi } from "#e2e/dom/api.ts";
import { renderPage } from "#e2e/dom/render.tsx";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { aDraft } from "./a-draft.test-data.ts";
import { RedriveDialog } from "./redrive-dialog.tsx";
import { SkipForm } from "./skip-form.tsx";

const SELECTION = { select: { by: "fingerprint", fingerprint: "f1" }, items: 12 } as const;
const preview = () => screen.getByRole<HTMLButtonElement>("button", { name: /^Preview/ });
const noPlan = () => refusal(409, "conflict", "The cluster is unreachable.");

describe("the redrive dialog", () => {
  it("plans what was chosen, and shows why there is no plan", async () => {
    const api = stubApi({ "POST /api/replays": noPlan });
    const { user } = renderPage(
      <RedriveDialog selection={SELECTION} onClose={() => undefined} groups={["payments"]} />,
    );
    await screen.findByRole("dialog", { name: "Replay 12 dead letters" });
    await waitFor(() => assert.equal(preview().disabled, false));
    await user.click(preview());
    assert.match((await screen.findByRole("alert")).textContent, /The cluster is unreachable/);
    assert.deepEqual(api.sent("POST /api/replays"), [
      {
        kind: "redrive",
        select: { by: "fingerprint", fingerprint: "f1" },
        to: { how: "topic" },
        stale: "ask",
        time: "now",
        ratePerSecond: 50,
        canary: { items: 1, timeoutSeconds: 120, then: "pause" },
        stopAbove: 0.2,
      },
    ]);
  });
  it("shows the draft in place of the form, and runs it with a reason", async () => {
    const api = stubApi({ "POST /api/replays": aDraft(), "POST /api/replays/41/run": aDraft() });
    const { user, pushed } = renderPage(
      <RedriveDialog selection={SELECTION} onClose={() => undefined} groups={["payments"]} />,
    );
    await waitFor(() => assert.equal(preview().disabled, false));
    await user.click(preview());
    const run = await screen.findByRole<HTMLButtonElement>("button", { name: "Send 12 events" });
    assert.equal(screen.queryByRole("button", { name: /^Preview/ }), null);
    assert.ok(run.disabled, "a reason is missing");
    await user.type(screen.getByLabelText(/^Why/), " fixed in 2.15 ");
    await waitFor(() => assert.equal(run.disabled, false));
    await user.click(run);
    await waitFor(() => assert.deepEqual(pushed, ["/replays/41"]));
    assert.deepEqual(api.sent("POST /api/replays/41/run"), [
      { revision: 1, reason: "fixed in 2.15", waitForEmptySeconds: 0 },
    ]);
  });
  it("asks for the time of the original, where people choose it", async () => {
    const api = stubApi({ "POST /api/replays": aDraft({ time: "original" }) });
    const { user } = renderPage(<RedriveDialog selection={SELECTION} onClose={() => undefined} groups={[]} />);
    await user.click(await screen.findByRole("radio", { name: "of the original" }));
    await waitFor(() => assert.equal(preview().disabled, false));
    await user.click(preview());
    await screen.findByText(/Each event keeps the time of its first publication/);
    const [plan] = api.sent("POST /api/replays") as { time: string }[];
    assert.equal(plan?.time, "original");
  });
  it("leaves out what goes to a target that only records name, until somebody confirms it", async () => {
    const named = { source: "orders-dlt", topic: "payments", items: 12, confirmed: false };
    const api = stubApi({
      "POST /api/replays": aDraft({ items: 0, namedTargets: [named] }),
      "POST /api/replays/41/choose": aDraft({ namedTargets: [{ ...named, confirmed: true }] }),
    });
    const { user } = renderPage(<RedriveDialog selection={SELECTION} onClose={() => undefined} groups={[]} />);
    await waitFor(() => assert.equal(preview().disabled, false));
    await user.click(preview());
    const held = await screen.findByRole<HTMLButtonElement>("button", { name: "Send 0 events" });
    await user.type(screen.getByLabelText(/^Why/), "fixed");
    await screen.findByText(/^Confirm the target first/);
    assert.ok(held.disabled);
    await user.click(screen.getByRole("button", { name: "Confirm sending from orders-dlt to payments" }));
    const run = await screen.findByRole<HTMLButtonElement>("button", { name: "Send 12 events" });
    await waitFor(() => assert.equal(run.disabled, false));
    assert.deepEqual(api.sent("POST /api/replays/41/choose"), [
      { confirmTargets: [{ source: "orders-dlt", topic: "payments" }] },
    ]);
  });
  it("does not run a draft with stale events before it is decided what becomes of them", async () => {
    stubApi({ "POST /api/replays": aDraft({ stale: { items: 2, choice: "ask" } }) });
    const { user } = renderPage(<RedriveDialog selection={SELECTION} onClose={() => undefined} groups={[]} />);
    await waitFor(() => assert.equal(preview().disabled, false));
    await user.click(preview());
    const run = await screen.findByRole<HTMLButtonElement>("button", { name: "Send 12 events" });
    await user.type(screen.getByLabelText(/^Why/), "fixed");
    await screen.findByText(/^Choose first what becomes of the stale events/);
    assert.ok(run.disabled);
  });
  it("plans nothing with a rate out of range", async () => {
    stubApi({});
    renderPage(<RedriveDialog selection={SELECTION} onClose={() => undefined} groups={[]} />);
    await waitFor(() => assert.equal(preview().disabled, false));
    const rate = screen.getAllByRole<HTMLInputElement>("textbox").find(({ value }) => value === "50");
    assert.ok(rate);
    fireEvent.change(rate, { target: { value: "0" } });
    assert.ok(preview().disabled);
    await screen.findByText(/between 0.1 and 100,000/);
  });
  it("does not let a viewer plan", async () => {
    stubApi({ "GET /api/session": VIEWER });
    renderPage(<RedriveDialog selection={SELECTION} onClose={() => undefined} groups={[]} />);
    await screen.findByText(/tom \(viewer\)/);
    assert.ok(preview().disabled);
  });
});

describe("the skip form", () => {
  it("plans to skip the one event, with the copy where it was asked for", async () => {
    const api = stubApi({ "POST /api/replays": noPlan });
    const { user } = renderPage(
      <SkipForm
        group={{ cluster: "prod", group: "payments" }}
        target={{ topic: "orders", partition: 3, offset: "91204" }}
        onDraft={() => assert.fail("there is no draft")}
        onClose={() => undefined}
      />,
    );
    await waitFor(() => assert.equal(preview().disabled, false));
    fireEvent.change(screen.getByRole("textbox"), { target: { value: " orders-dlt " } });
    await user.click(preview());
    assert.match((await screen.findByRole("alert")).textContent, /The cluster is unreachable/);
    assert.deepEqual(api.sent("POST /api/replays"), [
      {
        kind: "skip",
        cluster: "prod",
        group: "payments",
        topic: "orders",
        partition: 3,
        offset: "91204",
        deadLetterTopic: "orders-dlt",
      },
    ]);
  });
});
