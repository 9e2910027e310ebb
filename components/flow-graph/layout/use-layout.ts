"use client";
import { useEffect, useRef, useState } from "react";
import { arrange } from "./arrange.ts";
import { FIRST_FRAME } from "./first-layout.ts";
import { aspectOf, NO_LAYOUT, type Frame, type Layout, type PlacedPart } from "./layout.ts";
import { openLayoutWorker, type LayoutWorker } from "./layout-worker.ts";
import { compose } from "./pack.ts";
import { isPartOf, structureOf, type Scene } from "../scene.ts";

/** How long what is shown may stay without what is new, before a draft takes its place. */
const DRAFT_AFTER_MS = 2000;
/** How long an empty page waits for the good layout once it has the draft. */
const FIRST_DRAFT_AFTER_MS = 150;
/** A window whose shape differs by this factor is filled anew. */
const OTHER_SHAPE = 1.35;

/**
 * Lays the scene out in a worker. Only new boxes or links cause a new layout: changed numbers and removed boxes move
 * nothing. `first` is the layout of the first scene, if the server computed it; `frame` is null until it is measured.
 */
export function useLayout(
  scene: Scene | null,
  first: readonly PlacedPart[] | null,
  frame: Frame | null,
): { readonly layout: Layout; readonly failed: string | null } {
  const [layout, setLayout] = useState<Layout>(() => (first === null ? NO_LAYOUT : compose(first)));
  const [failed, setFailed] = useState<string | null>(null);
  const worker = useRef<LayoutWorker | null>(null);
  const latest = useRef<Layout>(layout);
  const packedFor = useRef<Frame>(FIRST_FRAME);
  const structure = scene ? [...structureOf(scene)].sort().join("\u0001") : "";
  const current = useRef(scene);
  useEffect(() => {
    current.current = scene;
  });

  useEffect(() => {
    const opened = openLayoutWorker();
    worker.current = opened;
    return () => {
      opened.stop();
      worker.current = null;
    };
  }, []);

  useEffect(() => {
    const wanted = current.current;
    const engine = worker.current?.open();
    if (!wanted || structure === "" || frame === null || engine === undefined) return;
    const change = aspectOf(frame) / aspectOf(packedFor.current);
    const repack = change > OTHER_SHAPE || change < 1 / OTHER_SHAPE;
    if (!repack && isKnown(wanted, latest.current)) return;
    let stale = false;
    // What is out of date is better than nothing: on a busy machine newer data may come before any layout is done.
    const isOfNoUse = () => stale && latest.current.boxes.size > 0;
    const show = (next: Layout | null) => {
      if (isOfNoUse() || (stale && next === null)) return;
      if (next === null) return setFailed("The layout engine gave no answer. Load the page again.");
      latest.current = next;
      packedFor.current = frame;
      setLayout(next);
      setFailed(null);
    };
    const startedAt = Date.now();
    const { draft, routed } = arrange(wanted, latest.current, frame, engine, repack);
    let timer: ReturnType<typeof setTimeout> | undefined;
    void draft.then((next) => {
      if (next === null || isOfNoUse()) return;
      const after = latest.current.boxes.size === 0 ? FIRST_DRAFT_AFTER_MS : DRAFT_AFTER_MS - (Date.now() - startedAt);
      timer = setTimeout(() => show(next), Math.max(0, after));
    });
    void routed.then((next) => {
      clearTimeout(timer);
      show(next);
    });
    return () => {
      stale = true;
      if (latest.current.boxes.size > 0) clearTimeout(timer);
    };
  }, [structure, frame]);

  return { layout, failed };
}

/** Whether everything of the scene has its final place. */
function isKnown(scene: Scene, { parts }: Layout): boolean {
  if (parts.some(({ part }) => part.isDraft)) return false;
  const known = new Set(parts.flatMap(({ part }) => [...part.structure]));
  return isPartOf(structureOf(scene), known);
}
