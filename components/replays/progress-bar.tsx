import { cn } from "#components/ui/cn.ts";
import { count } from "#components/ui/format.ts";
import type { Share } from "./outcome-words.ts";

/** How far it is, coloured by what became of each item. It is full when all is done that is to be done. */
export function ProgressBar({
  shares,
  total,
  className,
}: {
  readonly shares: readonly Share[];
  readonly total: number;
  readonly className?: string;
}) {
  const leftOut = shares.reduce((sum, share) => (share.rest === "left out" ? sum + share.items : sum), 0);
  const all = total - leftOut;
  const done = shares.reduce((sum, share) => (share.rest !== undefined ? sum : sum + share.items), 0);
  return (
    <div
      role="progressbar"
      aria-label="Sent"
      aria-valuemin={0}
      aria-valuemax={all}
      aria-valuenow={done}
      aria-valuetext={`${count(done)} of ${count(all)} sent${leftOut > 0 ? `, ${count(leftOut)} left out` : ""}`}
      className={cn("flex h-2.5 overflow-hidden rounded-full bg-raise", className)}
    >
      {shares.map(
        (share) =>
          share.rest === undefined &&
          share.items > 0 && (
            <i
              key={share.key}
              className="transition-[width] duration-500"
              style={{ width: `${(100 * share.items) / Math.max(1, all)}%`, background: share.color }}
            />
          ),
      )}
      {all === 0 && leftOut > 0 && <i className="w-full bg-warn opacity-50" />}
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
