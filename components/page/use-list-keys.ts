import { useEffect, useRef, type RefObject } from "react";

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/**
 * `j` and `k` move through the rows of the list under the returned ref, `/` focuses the filter; Enter opens the focused
 * row, because that is a link. Rows are elements with `data-row-link`; the filter is the page's `data-list-filter`.
 */
export function useListKeys<E extends HTMLElement>(): RefObject<E | null> {
  const list = useRef<E>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        isTyping(event.target) ||
        document.querySelector("[role=dialog]") !== null
      )
        return;
      if (event.key === "/") {
        const filter = document.querySelector<HTMLElement>("[data-list-filter]");
        if (filter === null) return;
        event.preventDefault();
        return filter.focus();
      }
      const step = event.key === "j" ? 1 : event.key === "k" ? -1 : 0;
      if (step === 0) return;
      const links = [...(list.current?.querySelectorAll<HTMLElement>("[data-row-link]") ?? [])];
      const at = links.findIndex(
        (link) => link === document.activeElement || link.closest("tr")?.contains(document.activeElement),
      );
      const next =
        links[at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step))];
      next?.focus();
      next?.scrollIntoView({ block: "nearest" });
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return list;
}
