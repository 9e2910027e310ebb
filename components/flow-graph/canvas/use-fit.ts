"use client";
import { useReactFlow } from "reactflow";
import { useCallback, useEffect, useRef, type RefObject } from "react";
import type { Layout } from "../layout/layout.ts";

/** The whole graph, as large as the window allows, but never larger than life. */
export const MAX_FIT = 1.15;
export const MIN_ZOOM = 0.08;

export const SIDE = 26;
/** what the legend takes at the bottom */
export const BOTTOM = 52;
/** The corners are kept free for the toolbar above and the legend below. */
export const paddingFor = (top: number) =>
  ({ top: `${top}px`, right: `${SIDE}px`, bottom: `${BOTTOM}px`, left: `${SIDE}px` }) as const;

interface FitOptions {
  readonly wrapper: RefObject<HTMLElement | null>;
  /** With a selection the view stays where it is. */
  readonly chosen: RefObject<string | null>;
  readonly layout: Layout;
  readonly top: number;
  readonly fitRequests: number;
}
/**
 * Fits the graph to the window whenever either changes. Once the reader has moved the graph (call what is
 * answered then), only an explicit fit moves it again.
 */
export function useFit({ wrapper, chosen, layout, top, fitRequests }: FitOptions): () => void {
  const { fitView } = useReactFlow();
  const touched = useRef(false);
  // The first fit is immediate; later ones are animated.
  const fitted = useRef(false);
  const fit = useCallback(() => {
    void fitView({
      padding: paddingFor(top),
      minZoom: MIN_ZOOM,
      maxZoom: MAX_FIT,
      duration: fitted.current ? 300 : 0,
    });
    fitted.current = true;
  }, [fitView, top]);
  useEffect(() => {
    if (layout.boxes.size === 0 || touched.current || chosen.current !== null) return;
    const frame = requestAnimationFrame(() => fit());
    return () => cancelAnimationFrame(frame);
  }, [layout, fit, chosen]);
  const asked = useRef(fitRequests);
  useEffect(() => {
    if (fitRequests === asked.current) return;
    asked.current = fitRequests;
    touched.current = false;
    fit();
  }, [fitRequests, fit]);
  useEffect(() => {
    const element = wrapper.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(() => !touched.current && chosen.current === null && fit(), 60);
    });
    observer.observe(element);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [fit, wrapper, chosen]);
  return useCallback(() => {
    touched.current = true;
  }, []);
}
