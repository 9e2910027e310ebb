/** Finds circular imports: Tarjan's strongly connected components (SIAM J. Comput. 1972), without recursion. */
import type { Import } from "./tree.ts";

/** Each circle as the files in it, sorted; a file that imports itself is one too. */
export function circlesOf(imports: readonly Pick<Import, "from" | "to">[]): string[][] {
  const targets = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    const known = targets.get(from) ?? new Set<string>();
    targets.set(from, known.add(to));
  }
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const circles: string[][] = [];

  const enter = (file: string) => {
    index.set(file, index.size);
    low.set(file, index.size - 1);
    open.push(file);
    isOpen.add(file);
    return { file, rest: [...(targets.get(file) ?? [])] };
  };
  const lower = (file: string, to: number) => low.set(file, Math.min(low.get(file) ?? to, to));

  for (const start of targets.keys()) {
    if (index.has(start)) continue;
    const path = [enter(start)];
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const next = at.rest.pop();
      if (next !== undefined) {
        if (!index.has(next)) path.push(enter(next));
        else if (isOpen.has(next)) lower(at.file, index.get(next) ?? 0);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) lower(above.file, low.get(at.file) ?? 0);
      if (low.get(at.file) !== index.get(at.file)) continue;
      const members = open.splice(open.indexOf(at.file));
      for (const member of members) isOpen.delete(member);
      if (members.length > 1 || targets.get(at.file)?.has(at.file)) circles.push(members.sort());
    }
  }
  return circles.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
}
