/** The texts that several parts of the configuration hold: names, globs and JSON paths. */
import { z } from "zod";

export const name = z.string().trim().min(1).max(100);
export const glob = z.string().min(1).max(300);
export const jsonPath = (such: string) => z.string().regex(/^\$(\.[\w-]+)+$/, `must look like ${such}`);
