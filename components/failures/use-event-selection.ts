/** The events of a failure that are selected for a replay. The selection survives paging. */
import { useState } from "react";

/** The API plans a replay of at most as many failures. */
const MAX_SELECTED = 5000;

export function useEventSelection() {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const toggle = (toggled: readonly string[], on: boolean) => {
    const next = new Set(ids);
    for (const id of toggled) {
      if (!on) next.delete(id);
      else if (next.size < MAX_SELECTED) next.add(id);
    }
    setIds(next);
  };
  return { ids, toggle, clear: () => setIds(new Set()) };
}
