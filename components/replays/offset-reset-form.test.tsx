import { VIEWER, refusal, stubApi } from "#e2e/dom/api.ts";
import { renderPage } from "#e2e/dom/render.tsx";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { aGroupView, aPartition } from "#components/groups/a-group-view.test-data.ts";
import { aDraft } from "./a-draft.test-data.ts";
import { OffsetResetForm } from "./offset-reset-form.tsx";

const PLAN = "POST /api/replays";
const VIEW = aGroupView(
  { members: 0 },
  { partitions: [aPartition(0), aPartition(1, { committedOffset: "204" }), aPartition(0, { topic: "refunds" })] },
);

function open(answers: Parameters<typeof stubApi>[0], search = "", view = VIEW) {
  const api = stubApi(answers);
  const drafts: number[] = [];
  const page = renderPage(<OffsetResetForm view={view} onDraft={({ row }) => drafts.push(row.id)} />, { search });
  return { ...page, api, drafts };
}
const preview = () => screen.getByRole<HTMLButtonElement>("button", { name: /^Preview/ });
const canPlan = () => waitFor(() => assert.equal(preview().disabled, false));

describe("the offset-reset form", () => {
  it("plans to read everything again, and hands the draft on", async () => {
    const { user, api, drafts } = open({ [PLAN]: aDraft() });
    await canPlan();
    await user.click(preview());
    await waitFor(() => assert.deepEqual(drafts, [41]));
    assert.deepEqual(api.sent(PLAN), [
      { kind: "offset_reset", cluster: "c", group: "payments", topics: [], to: { how: "earliest" } },
    ]);
  });
  it("opens filled in from the address, for one partition", async () => {
    const { user, api } = open({ [PLAN]: aDraft() }, "how=offset&topic=orders&partition=1&offset=205");
    assert.equal(screen.getByLabelText<HTMLInputElement>("Offset").value, "205");
    await canPlan();
    await user.click(preview());
    await waitFor(() => assert.equal(api.sent(PLAN).length, 1));
    assert.deepEqual(api.sent(PLAN), [
      {
        kind: "offset_reset",
        cluster: "c",
        group: "payments",
        topics: [{ topic: "orders", partitions: [1] }],
        to: { how: "offset", offset: "205" },
      },
    ]);
  });
  it("keeps what is entered in the address, and plans nothing while something is missing", async () => {
    const { user, search } = open({});
    await canPlan();
    await user.click(screen.getByRole("radio", { name: "Shift by" }));
    await waitFor(() => assert.ok(preview().disabled));
    await screen.findByText(/^Name by how many/);
    fireEvent.change(screen.getByLabelText("Events"), { target: { value: "-100" } });
    await canPlan();
    await waitFor(() => assert.equal(search().toString(), "how=shift&shift=-100"));
  });
  it("takes a line per partition, with the committed offsets as an example", async () => {
    const { user, api } = open({ [PLAN]: aDraft() }, "how=offsets");
    const lines = screen.getByRole<HTMLTextAreaElement>("textbox");
    assert.equal(lines.placeholder, "orders,0,100\norders,1,204\nrefunds,0,100");
    assert.equal(screen.queryByLabelText("Topic"), null, "the lines name their topics");
    fireEvent.change(lines, { target: { value: "orders,0,12" } });
    await canPlan();
    await user.click(preview());
    await waitFor(() => assert.equal(api.sent(PLAN).length, 1));
    assert.deepEqual((api.sent(PLAN)[0] as { to: unknown }).to, {
      how: "offsets",
      offsets: [{ topic: "orders", partition: 0, offset: "12" }],
    });
  });
  it("shows why there is no plan, until something is changed", async () => {
    const { user, drafts } = open({ [PLAN]: () => refusal(409, "conflict", "The cluster is unreachable.") });
    await canPlan();
    await user.click(preview());
    assert.match((await screen.findByRole("alert")).textContent, /The cluster is unreachable/);
    assert.deepEqual(drafts, []);
    await user.click(screen.getByRole("radio", { name: "Latest" }));
    await waitFor(() => assert.equal(screen.queryByRole("alert"), null));
  });
  it("does not let a viewer plan", async () => {
    open({ "GET /api/session": VIEWER });
    await screen.findByText(/tom \(viewer\)/);
    assert.ok(preview().disabled);
  });
});
