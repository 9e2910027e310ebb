import { renderPage } from "#e2e/dom/render.tsx";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { screen } from "@testing-library/react";
import { useListKeys } from "./use-list-keys.ts";

function List({ dialog = false }: { readonly dialog?: boolean }) {
  const list = useListKeys<HTMLUListElement>();
  return (
    <>
      <input aria-label="filter" data-list-filter />
      {dialog && <div role="dialog" />}
      <ul ref={list}>
        {["a", "b", "c"].map((name) => (
          <li key={name}>
            <a href={`/${name}`} data-row-link>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
const focused = () => document.activeElement?.textContent;

describe("list keys", () => {
  it("j and k move through the rows and stop at the ends", async () => {
    const { user } = renderPage(<List />);
    const seen: (string | null | undefined)[] = [];
    for (const key of "jjjjkkkk") {
      await user.keyboard(key);
      seen.push(focused());
    }
    assert.deepEqual(seen, ["a", "b", "c", "c", "b", "a", "a", "a"]);
  });
  it("k starts at the last row", async () => {
    const { user } = renderPage(<List />);
    await user.keyboard("k");
    assert.equal(focused(), "c");
  });
  it("/ focuses the filter without typing, and letters typed there move nothing", async () => {
    const { user } = renderPage(<List />);
    await user.keyboard("/");
    const filter = screen.getByLabelText<HTMLInputElement>("filter");
    assert.equal(document.activeElement, filter);
    await user.keyboard("jk");
    assert.equal(document.activeElement, filter);
    assert.equal(filter.value, "jk");
  });
  it("does nothing under an open dialog or with a modifier", async () => {
    const { user, rerender } = renderPage(<List />);
    await user.keyboard("{Control>}j{/Control}");
    assert.notEqual(focused(), "a");
    rerender(<List dialog />);
    await user.keyboard("j");
    assert.notEqual(focused(), "a");
  });
});
