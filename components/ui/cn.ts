import { clsx, type ClassValue } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

// Otherwise our own text sizes count as text colours and remove them.
const merge = extendTailwindMerge({ extend: { classGroups: { "font-size": [{ text: ["2xs", "big"] }] } } });

/** Joins class names; of two that set the same property, the later one wins. */
export const cn = (...classes: ClassValue[]): string => merge(clsx(classes));
