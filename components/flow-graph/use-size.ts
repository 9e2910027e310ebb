"use client";
import { useLayoutEffect, useState, type RefObject } from "react";
import type { Frame } from "./layout/layout.ts";

/** The size of an element, in whole px; null until it is measured and while it is not shown. */
export function useSize(element: RefObject<HTMLElement | null>): Frame | null {
  const [size, setSize] = useState<Frame | null>(null);
  useLayoutEffect(() => {
    const measured = element.current;
    if (!measured) return;
    const measure = () => {
      const { offsetWidth: width, offsetHeight: height } = measured;
      setSize((known) =>
        width === 0 || height === 0
          ? null
          : known?.width === width && known.height === height
            ? known
            : { width, height },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(measured);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
