import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";

/** A filter that is set, with a button that removes it. */
export const FilterChip = ({ children, onClear }: { readonly children: ReactNode; readonly onClear: () => void }) => (
  <span className="flex h-8 items-center gap-1.5 rounded-md border border-acc/60 bg-panel pr-1 pl-2.5">
    {children}
    <Button variant="ghost" size="icon-sm" aria-label="Remove this filter" onClick={onClear}>
      <X />
    </Button>
  </span>
);
