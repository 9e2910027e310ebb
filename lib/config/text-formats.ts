/** The texts that several parts of the configuration hold: names, globs and JSON paths. */
import { isIP } from "node:net";
import { z } from "zod";

export const name = z.string().trim().min(1).max(100);
/** An IP address, or a network as `10.0.0.0/8`. */
export const network = z.string().refine((text) => {
  const [address = "", bits, ...rest] = text.split("/");
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && most > 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
}, "must be an IP address or a network such as 10.0.0.0/8");
export const glob = z.string().min(1).max(300);
export const jsonPath = (such: string) => z.string().regex(/^\$(\.[\w-]+)+$/, `must look like ${such}`);
