import { VIEWER, refusal, stubApi } from "#e2e/dom/api.ts";
import { renderPage } from "#e2e/dom/render.tsx";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { screen, waitFor } from "@testing-library/react";
import { TriageDialog } from "./triage-dialog.tsx";
import type { TriageAction } from "./triage-words.ts";

const DONE = { fingerprint: "f1", events: 3 };
function open(action: TriageAction) {
  let closed = 0;
  const page = renderPage(<TriageDialog draft={{ action, fingerprint: "f1" }} onClose={() => (closed += 1)} />);
  return {
    ...page,
    closed: () => closed,
    submit: () => screen.getByRole<HTMLButtonElement>("button", { name: LABEL[action] }),
  };
}
const LABEL = { resolve: "Resolve", snooze: "Snooze", merge: "Merge", reopen: "Reopen", split: "Unmerge" } as const;

describe("the triage dialog", () => {
  it("resolves with a reason, says so and closes", async () => {
    const api = stubApi({ "POST /api/failures/f1/resolve": DONE });
    const { user, closed, submit } = open("resolve");
    assert.ok(submit().disabled);
    await user.type(screen.getByLabelText("Reason"), " fixed in 1.4 ");
    await waitFor(() => assert.equal(submit().disabled, false));
    await user.click(submit());
    await screen.findByText("Resolved");
    assert.deepEqual(api.sent("POST /api/failures/f1/resolve"), [{ reason: "fixed in 1.4" }]);
    assert.equal(closed(), 1);
  });
  it("snoozes until the chosen time", async () => {
    const api = stubApi({ "POST /api/failures/f1/snooze": DONE });
    const { user, submit } = open("snooze");
    await user.type(screen.getByLabelText("Reason"), "known");
    await user.click(screen.getByRole("button", { name: "7 d" }));
    await waitFor(() => assert.equal(submit().disabled, false));
    await user.click(submit());
    await screen.findByText("Snoozed");
    const [{ until }] = api.sent("POST /api/failures/f1/snooze") as [{ until: string }];
    const aheadHours = (Date.parse(until) - Date.now()) / 3_600_000;
    assert.ok(aheadHours > 167 && aheadHours <= 168, `${aheadHours} h`);
  });
  it("merges into the given fingerprint, and not without one", async () => {
    const api = stubApi({ "POST /api/failures/f1/merge": () => refusal(404, "not_found", "There is no failure f2.") });
    const { user, closed, submit } = open("merge");
    await user.type(screen.getByLabelText("Reason"), "same bug");
    assert.ok(submit().disabled);
    await user.type(screen.getByLabelText("Fingerprint of the other failure"), "f2");
    await waitFor(() => assert.equal(submit().disabled, false));
    await user.click(submit());
    assert.match((await screen.findByRole("alert")).textContent, /There is no failure f2/);
    assert.deepEqual(api.sent("POST /api/failures/f1/merge"), [{ reason: "same bug", into: "f2" }]);
    assert.equal(closed(), 0, "it stays open");
  });
  it("does not let a viewer decide", async () => {
    stubApi({ "GET /api/session": VIEWER });
    const { user, submit } = open("resolve");
    await user.type(screen.getByLabelText("Reason"), "fixed");
    await screen.findByText(/tom \(viewer\)/);
    assert.ok(submit().disabled);
  });
});
