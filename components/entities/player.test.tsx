import { renderPage } from "#e2e/dom/render.tsx";
import assert from "node:assert/strict";
import { afterEach, describe, it, mock } from "node:test";
import { act, fireEvent, screen } from "@testing-library/react";
import { useState } from "react";
import { Player } from "./player.tsx";

const TIMELINE = ["placed", "paid", "shipped"].map((type, i) => ({
  id: `e${i}`,
  at: `2026-11-21T14:00:0${i}.000Z`,
  topic: "orders",
  type,
  tombstone: false,
}));

afterEach(() => mock.timers.reset());

function start(first = 0, ready = true) {
  mock.timers.enable({ apis: ["setTimeout"] });
  const Played = () => {
    const [index, setIndex] = useState(first);
    return <Player timeline={TIMELINE as never} index={index} ready={ready} go={setIndex} />;
  };
  renderPage(<Played />);
}
const slider = () => screen.getByRole<HTMLInputElement>("slider", { name: "Event" });
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const key = (name: string) => fireEvent.keyDown(document.body, { key: name });
const wait = (ms: number) => act(() => mock.timers.tick(ms));

describe("the player", () => {
  it("steps by buttons and keys, and no further than the ends", () => {
    start();
    assert.ok(screen.getByRole("button", { name: "Previous event" }).hasAttribute("disabled"));
    press("Next event");
    assert.equal(slider().value, "1");
    key("ArrowRight");
    key("ArrowRight");
    assert.equal(slider().value, "2");
    assert.ok(screen.getByRole("button", { name: "Next event" }).hasAttribute("disabled"));
    key("Home");
    assert.equal(slider().value, "0");
    key("ArrowLeft");
    assert.equal(slider().value, "0");
    press("Last event");
    assert.equal(slider().value, "2");
    assert.match(slider().getAttribute("aria-valuetext") ?? "", /event 3 of 3, shipped/);
  });
  it("plays one event a second, stops at the last and starts again from the first", () => {
    start();
    press("Play");
    wait(999);
    assert.equal(slider().value, "0");
    wait(1);
    assert.equal(slider().value, "1");
    wait(1000);
    assert.equal(slider().value, "2");
    screen.getByRole("button", { name: "Play" });
    press("Play");
    assert.equal(slider().value, "0");
    screen.getByRole("button", { name: "Pause" });
  });
  it("stops playing when the reader steps", () => {
    start();
    press("Play");
    press("Next event");
    screen.getByRole("button", { name: "Play" });
    wait(5000);
    assert.equal(slider().value, "1");
  });
  it("waits while the event is not loaded", () => {
    start(0, false);
    press("Play");
    wait(5000);
    assert.equal(slider().value, "0");
  });
});
