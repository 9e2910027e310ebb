import { ChevronRight, ChevronsLeft } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { count } from "#components/ui/format.ts";

interface PagerProps {
  readonly shown: number;
  readonly total: number | null;
  readonly next: string | null;
  readonly cursor: string | null;
  readonly onCursor: (cursor: string | null) => void;
  /** plural: "groups"; for a count of one the final s is left out */
  readonly noun: string;
}
/** Cursor pages: forward, or to the first; the browser's back button goes one page back. */
export function Pager({ shown, total, next, cursor, onCursor, noun }: PagerProps) {
  const all = total ?? shown;
  const name = all === 1 ? noun.replace(/s$/, "") : noun;
  return (
    <div className="flex min-h-10 items-center gap-2 border-t px-3 py-1.5 text-xs text-dim">
      <span>{total === null ? `${count(shown)} ${name}` : `${count(shown)} of ${count(total)} ${name}`}</span>
      <span className="ml-auto" />
      {cursor !== null && (
        <Button size="sm" variant="outline" onClick={() => onCursor(null)}>
          <ChevronsLeft /> First page
        </Button>
      )}
      {next !== null && (
        <Button size="sm" variant="outline" onClick={() => onCursor(next)}>
          Next page <ChevronRight />
        </Button>
      )}
    </div>
  );
}
