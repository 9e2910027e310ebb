import { clsx, type ClassValue } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

// Our own text sizes would otherwise be taken for text colours and swallow them.
const merge = extendTailwindMerge({ extend: { classGroups: { "font-size": [{ text: ["2xs", "big"] }] } } });

/** Joins class names; of two that set the same property the later wins. */
export const cn = (...classes: ClassValue[]): string => merge(clsx(classes));
