"use client";
import ELK, { type ELK as Elk } from "elkjs/lib/elk-api.js";
import { useEffect, useRef, useState } from "react";
import { fromElk, toElk } from "./elk-graph.ts";
import { NO_LAYOUT, type Layout } from "./layout.ts";
import { structureOf, type Scene } from "../scene.ts";

/**
 * Lays the scene out in a worker. Only new boxes or links cause a new layout: changed numbers and removed boxes move
 * nothing. `first` is the layout of the first scene, if the server computed it.
 */
export function useLayout(
  scene: Scene | null,
  first: Layout | null,
): { readonly layout: Layout; readonly failed: string | null } {
  const [layout, setLayout] = useState<Layout>(first ?? NO_LAYOUT);
  const [failed, setFailed] = useState<string | null>(null);
  const elk = useRef<Elk | null>(null);
  const latest = useRef<Layout>(first ?? NO_LAYOUT);
  const known = useRef<ReadonlySet<string> | null>(null);
  const given = useRef(first !== null);
  const structure = scene ? [...structureOf(scene)].sort().join("\u0001") : "";
  const current = useRef(scene);
  useEffect(() => {
    current.current = scene;
  });

  useEffect(() => {
    // The worker has a megabyte: load it together with the first graph, unless the layout is already there.
    if (!given.current) elk.current = startElk();
    return () => {
      elk.current?.terminateWorker();
      elk.current = null;
      // A strict-mode remount starts a new worker; the layout of the terminated one never arrives.
      known.current = new Set();
    };
  }, []);

  useEffect(() => {
    const wanted = current.current;
    if (!wanted || structure === "") return;
    const parts = structureOf(wanted);
    const placed = (known.current ??= given.current ? parts : new Set());
    if ([...parts].every((part) => placed.has(part))) return;
    known.current = parts;
    let stale = false;
    elk.current ??= startElk();
    elk.current.layout(toElk(wanted, latest.current)).then(
      (answer) => {
        if (stale) return;
        latest.current = fromElk(answer);
        setLayout(latest.current);
        setFailed(null);
      },
      (error: unknown) => {
        if (!stale) setFailed(error instanceof Error ? error.message : String(error));
      },
    );
    return () => {
      stale = true;
    };
  }, [structure]);

  return { layout, failed };
}

const startElk = (): Elk =>
  new ELK({ workerFactory: () => new Worker(new URL("elkjs/lib/elk-worker.min.js", import.meta.url)) });
