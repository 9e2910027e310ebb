import type { ReactNode } from "react";
import { ok } from "#lib/domain/result.ts";
export default function L({ children }: { children: ReactNode }) { return <html lang="en"><body>{children}{String(ok(1).ok)}</body></html>; }
