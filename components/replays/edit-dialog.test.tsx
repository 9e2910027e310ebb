import { refusal, stubApi } from "#e2e/dom/api.ts";
import { renderPage } from "#e2e/dom/render.tsx";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fireEvent, screen, waitFor } from "@testing-library/react";
import type { MessageView } from "#lib/contracts/events.ts";
import type { ReplayItemEditView } from "#lib/contracts/replays.ts";
import { anItem } from "./a-draft.test-data.ts";
import { EditDialog } from "./edit-dialog.tsx";

const MESSAGE: MessageView = {
  cluster: "prod",
  topic: "orders-dlt",
  partition: 0,
  offset: "7",
  timestamp: null,
  key: "cust-77",
  headers: [{ name: "tenant", value: "eu" }],
  encoding: "json",
  text: '{"price":"12"}',
  truncated: false,
  sizeBytes: 14,
  refusals: [],
  type: "OrderPlaced",
  traceId: null,
  service: null,
};
const NO_EDIT: ReplayItemEditView = { edit: null, schema: { state: "matches", schema: "order.json", why: null } };
const EDIT_ROUTE = "/api/replays/41/items/3/edit";

async function open(answers: Parameters<typeof stubApi>[0], message: Partial<MessageView> = {}) {
  let closed = 0;
  const api = stubApi({
    "GET /api/messages/prod/orders-dlt/0/7": { ...MESSAGE, ...message },
    [`GET ${EDIT_ROUTE}`]: NO_EDIT,
    ...answers,
  });
  const page = renderPage(<EditDialog runId={41} cluster="prod" item={anItem()} onClose={() => (closed += 1)} />);
  const save = await screen.findByRole<HTMLButtonElement>("button", { name: /^Send it like this/ });
  return { ...page, api, save, closed: () => closed };
}
const type = (text: string) => fireEvent.change(screen.getByLabelText("Body"), { target: { value: text } });

describe("the edit dialog", () => {
  it("sends the changed body and a header, then closes", async () => {
    const { user, api, save, closed } = await open({ [`POST ${EDIT_ROUTE}`]: NO_EDIT });
    assert.ok(save.disabled, "nothing is changed yet");
    type('{"price":12}');
    await screen.findByRole("group", { name: "What is changed" });
    await user.click(screen.getByRole("button", { name: /Set a header/ }));
    await user.type(screen.getByLabelText("Name of header 1"), "tenant");
    await user.type(screen.getByLabelText("Value of header 1"), "us");
    await user.click(save);
    await waitFor(() => assert.equal(closed(), 1));
    assert.deepEqual(api.sent(`POST ${EDIT_ROUTE}`), [
      {
        body: '{"price":12}',
        format: "json",
        setHeaders: [{ name: "tenant", value: "us" }],
        removeHeaders: [],
        despiteSchema: false,
      },
    ]);
  });
  it("does not send a body that is no JSON where the original is", async () => {
    const { save } = await open({});
    type('{"price":');
    await screen.findByText(/^No valid JSON/);
    assert.ok(save.disabled);
    type('{"price":13}');
    assert.equal(save.disabled, false);
  });
  it("offers to overrule the schema once it refused, and forgets that with the next change", async () => {
    const refused = () =>
      Response.json(
        {
          error: {
            code: "invalid_input",
            message: "The body does not match order.json.",
            fields: [{ path: "despiteSchema", message: "price must be a string" }],
          },
        },
        { status: 422 },
      );
    const { user, api, save, closed } = await open({ [`POST ${EDIT_ROUTE}`]: refused });
    type('{"price":12}');
    assert.equal(screen.queryByRole("checkbox"), null);
    await user.click(save);
    assert.match((await screen.findByRole("alert")).textContent, /does not match order\.json/);
    assert.equal(closed(), 0, "it stays open");
    await user.click(await screen.findByRole("checkbox"));
    await user.click(save);
    await waitFor(() => assert.equal(api.sent(`POST ${EDIT_ROUTE}`).length, 2));
    assert.equal((api.sent(`POST ${EDIT_ROUTE}`)[1] as { despiteSchema: boolean }).despiteSchema, true);
    type('{"price":14}');
    assert.equal(screen.getByRole("checkbox").getAttribute("aria-checked"), "false");
  });
  it("goes back to the original", async () => {
    const edit = { body: '{"price":12}', format: "json", setHeaders: [], removeHeaders: [], despiteSchema: false };
    const { user, api, closed } = await open({
      [`GET ${EDIT_ROUTE}`]: { ...NO_EDIT, edit },
      [`DELETE ${EDIT_ROUTE}`]: NO_EDIT,
    });
    assert.equal(screen.getByLabelText<HTMLTextAreaElement>("Body").value, '{"price":12}');
    await user.click(screen.getByRole("button", { name: /Back to the original/ }));
    await waitFor(() => assert.equal(closed(), 1));
    assert.equal(api.sent(`DELETE ${EDIT_ROUTE}`).length, 1);
  });
  it("does not offer to edit a body that is not text", async () => {
    await open({}, { encoding: "avro" });
    await screen.findByText(/avro, no text/);
    assert.equal(screen.queryByLabelText("Body"), null);
  });
  it("says why an item cannot be edited", async () => {
    stubApi({
      "GET /api/messages/prod/orders-dlt/0/7": () => refusal(404, "not_found", "The broker no longer has it."),
      [`GET ${EDIT_ROUTE}`]: NO_EDIT,
    });
    renderPage(<EditDialog runId={41} cluster="prod" item={anItem()} onClose={() => undefined} />);
    assert.match((await screen.findByRole("alert")).textContent, /The broker no longer has it/);
  });
});
