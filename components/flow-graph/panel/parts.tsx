import type { ReactNode } from "react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { percent } from "#components/ui/format.ts";
import { Tag } from "#components/ui/tag.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import type { KnownBy, Latency } from "#lib/contracts/common.ts";
import { Duration } from "#components/time/relative-time.tsx";

export function Section({
  title,
  aside,
  children,
}: {
  readonly title: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="flex flex-col gap-1.5">
      <h3 className="flex items-center gap-2 text-xs font-medium text-mut">
        {title}
        {aside !== undefined && <span className="ml-auto font-normal text-dim">{aside}</span>}
      </h3>
      {children}
    </section>
  );
}

export const Stats = ({ children }: { readonly children: ReactNode }) => (
  <div className="grid grid-cols-2 gap-2.5 [&>div]:bg-raise [&>div]:px-3">{children}</div>
);

/** A line of a short list: a name, and a value at the right. A button when `onOpen` is given. */
export function Line({
  name,
  mono = true,
  children,
  onOpen,
}: {
  readonly name: string;
  readonly mono?: boolean;
  readonly children: ReactNode;
  readonly onOpen?: (() => void) | undefined;
}) {
  const inner = (
    <>
      <BrokerText text={name} mono={mono} className="truncate" maxLength={48} />
      <span className="ml-auto flex shrink-0 items-center gap-2 text-mut">{children}</span>
    </>
  );
  const lineClass = "flex h-8 w-full items-center gap-3 border-b border-line/70 text-left last:border-b-0";
  return onOpen ? (
    <button type="button" onClick={onOpen} className={`${lineClass} hover:bg-raise/60`}>
      {inner}
    </button>
  ) : (
    <div className={lineClass}>{inner}</div>
  );
}

export function LatencyLine({ latency }: { readonly latency: Latency }) {
  return (
    <div className="grid grid-cols-3 divide-x rounded-lg border bg-raise text-center">
      {(
        [
          ["p50", latency.p50Ms],
          ["p95", latency.p95Ms],
          ["p99", latency.p99Ms],
        ] as const
      ).map(([name, ms]) => (
        <div key={name} className="px-2 py-2">
          <div className="text-2xs text-dim">{name}</div>
          <Duration ms={ms} className="text-base font-semibold" />
        </div>
      ))}
    </div>
  );
}

const KNOWN_BY_HINT: Readonly<Record<KnownBy, string>> = {
  declared: "Declared by message headers or by the broker.",
  traced: "Reported by spans of the services.",
  inferred: "Inferred from time order: the service published shortly after its group consumed.",
};

/** How an edge is known, and with what confidence. */
export function Known({
  by,
  confidence,
  sampledShare,
}: {
  readonly by: KnownBy;
  readonly confidence: number;
  readonly sampledShare: number;
}) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Tooltip content={KNOWN_BY_HINT[by]}>
        <button type="button" className="cursor-help">
          <Tag tone={by === "inferred" ? "neutral" : "accent"}>{by.toUpperCase()}</Tag>
        </button>
      </Tooltip>
      <span className="text-mut">
        {percent(confidence)} confidence
        {sampledShare < 1 && ` · estimated from ${percent(sampledShare)} of the traces`}
      </span>
    </div>
  );
}
