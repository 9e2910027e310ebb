import { renderPage } from "#e2e/dom/render.tsx";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { screen } from "@testing-library/react";
import { Sparkline } from "./sparkline.tsx";

const linesOf = () =>
  [...screen.getByRole("img").querySelectorAll("path[stroke]")].map((path) => path.getAttribute("d"));

describe("the sparkline", () => {
  it("leaves a gap where nothing is known, and does not fall to 0 there", () => {
    renderPage(<Sparkline label="Lag" width={50} height={20} values={[10, 10, null, null, 10, 10]} />);
    assert.deepEqual(linesOf(), ["M0.0 1.5L10.0 1.5", "M40.0 1.5L50.0 1.5"]);
    assert.equal(screen.getByRole("img").getAttribute("aria-label"), "Lag; not known in 2 of 6 steps");
  });
  it("keeps each step at its time, and shows a lone one as a point", () => {
    renderPage(<Sparkline label="Lag" width={50} height={20} values={[null, 4, null, 2, 2, 2]} />);
    assert.deepEqual(linesOf(), ["M10.0 1.5h0", "M30.0 10.0L40.0 10.0L50.0 10.0"]);
  });
  it("draws nothing of a single known step", () => {
    renderPage(<Sparkline label="Lag" values={[null, 4, null]} />);
    assert.equal(screen.queryByRole("img"), null);
  });
});
