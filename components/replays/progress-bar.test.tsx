import { renderPage } from "#e2e/dom/render.tsx";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { screen } from "@testing-library/react";
import { shares } from "./outcome-words.ts";
import { ProgressBar } from "./progress-bar.tsx";

const bar = (sent: number, pending: number, skipped: number) => {
  const progress = {
    total: sent + pending + skipped,
    sent,
    pending,
    skipped,
    failed: 0,
    verified: sent,
    failedAgain: 0,
  };
  renderPage(
    <ProgressBar
      total={progress.total}
      shares={shares(progress, { consumed: sent, deadLettered: 0, waiting: 0, unknown: 0 })}
    />,
  );
  const shown = screen.getByRole("progressbar");
  return {
    width: [...shown.querySelectorAll("i")].reduce((sum, part) => sum + parseFloat(part.style.width || "100"), 0),
    says: shown.getAttribute("aria-valuetext"),
  };
};

describe("the progress bar of a replay", () => {
  it("is full when all is done, though some were left out", () =>
    assert.deepEqual(bar(21, 0, 3), { width: 100, says: "21 of 21 sent, 3 left out" }));
  it("is half full when half of what is to be sent is", () =>
    assert.deepEqual(bar(2, 2, 6), { width: 50, says: "2 of 4 sent, 6 left out" }));
  it("is full where everything was left out", () =>
    assert.deepEqual(bar(0, 0, 4), { width: 100, says: "0 of 0 sent, 4 left out" }));
  it("is empty at the beginning", () => assert.deepEqual(bar(0, 5, 0), { width: 0, says: "0 of 5 sent" }));
});
