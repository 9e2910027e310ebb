import { renderPage } from "#e2e/dom/render.tsx";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { screen, waitFor } from "@testing-library/react";
import { PastBar } from "./past-bar.tsx";
import { useAt, useTimeWindow } from "./time-window.ts";

function Window() {
  const [minutes, setMinutes] = useTimeWindow();
  const [at, setAt] = useAt();
  return (
    <>
      <output>{`${minutes} min, ${at?.toISOString() ?? "live"}`}</output>
      <button onClick={() => setMinutes(60)}>hour</button>
      <button onClick={() => setAt(new Date("2026-11-21T14:00:00.000Z"))}>past</button>
      {at && <PastBar at={at.toISOString()} missing="Lag was not recorded." />}
    </>
  );
}
const open = (search = "") => renderPage(<Window />, { search });
const shown = () => screen.getAllByRole("status").find(({ tagName }) => tagName === "OUTPUT")?.textContent;

describe("the time window", () => {
  it("is the last half hour, live, where the address gives none", () => {
    open();
    assert.equal(shown(), "30 min, live");
  });
  for (const [address, minutes] of [
    ["minutes=99999", 1440],
    ["minutes=1", 5],
  ] as const) {
    it(`stays within what the API answers: ${address}`, () => {
      open(address);
      assert.equal(shown(), `${minutes} min, live`);
    });
  }
  it("keeps range and time in the address, each without the other changing", async () => {
    const { user, search } = open("q=pay");
    await user.click(screen.getByRole("button", { name: "hour" }));
    await user.click(screen.getByRole("button", { name: "past" }));
    await waitFor(() => assert.equal(shown(), "60 min, 2026-11-21T14:00:00.000Z"));
    assert.deepEqual(Object.fromEntries(search()), { q: "pay", minutes: "60", at: "2026-11-21T14:00:00.000Z" });
  });
  it("goes back to live from the bar that says the page shows the past", async () => {
    const { user, search } = open("minutes=60&at=2026-11-21T14:00:00.000Z");
    await screen.findByText(/Lag was not recorded/);
    await user.click(screen.getByRole("button", { name: "Back to live" }));
    await waitFor(() => assert.equal(shown(), "60 min, live"));
    assert.deepEqual(Object.fromEntries(search()), { minutes: "60" });
  });
});
