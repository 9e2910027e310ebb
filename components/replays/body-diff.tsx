import { cn } from "#components/ui/cn.ts";
import { diffLines } from "#lib/domain/replay/edit.ts";

const LINE_CLASS = { " ": "text-mut", "-": "bg-badbg text-bad", "+": "bg-okbg text-ok" } as const;

/** What is changed, line by line. */
export const BodyDiff = ({ before, after }: { readonly before: string; readonly after: string }) => (
  <div
    role="group"
    aria-label="What is changed"
    tabIndex={0}
    className="max-h-64 overflow-auto rounded-md border border-line2 py-1 font-mono text-xs leading-relaxed"
  >
    {diffLines(before, after).map(({ sign, text }, i) => (
      <div key={i} className={cn("px-2.5 whitespace-pre", LINE_CLASS[sign])}>
        {sign} <bdi>{text}</bdi>
      </div>
    ))}
  </div>
);
