import { cn } from "#components/ui/cn.ts";
import { count } from "#components/ui/format.ts";
import type { Share } from "./outcome-words.ts";

/** How far it is, coloured by what became of each item. */
export function ProgressBar({
  shares,
  total,
  className,
}: {
  readonly shares: readonly Share[];
  readonly total: number;
  readonly className?: string;
}) {
  const done = shares.reduce((sum, share) => (share.rest ? sum : sum + share.items), 0);
  return (
    <div
      role="progressbar"
      aria-label="Sent"
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
      aria-valuetext={`${count(done)} of ${count(total)} sent`}
      className={cn("flex h-2.5 overflow-hidden rounded-full bg-raise", className)}
    >
      {shares.map(
        (share) =>
          !share.rest &&
          share.items > 0 && (
            <i
              key={share.key}
              className="transition-[width] duration-500"
              style={{ width: `${(100 * share.items) / Math.max(1, total)}%`, background: share.color }}
            />
          ),
      )}
    </div>
  );
}

/** The parts of the bar in words and numbers; those without items are left out, except "consumed" and "pending". */
export const ShareLegend = ({ shares }: { readonly shares: readonly Share[] }) => (
  <ul className="flex flex-wrap gap-x-5.5 gap-y-1.5">
    {shares
      .filter((share) => share.items > 0 || share.key === "consumed" || share.key === "pending")
      .map((share) => (
        <li key={share.key} className="flex items-center gap-1.5 text-mut">
          <i aria-hidden className="size-[7px] rounded-full" style={{ background: share.color }} />
          {share.label} <b className="font-semibold text-text">{count(share.items)}</b>
        </li>
      ))}
  </ul>
);
