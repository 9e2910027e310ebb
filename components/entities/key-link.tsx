import Link from "next/link";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { cn } from "#components/ui/cn.ts";
import { pages } from "#lib/client/routes.ts";

interface KeyLinkProps {
  /** null: the event has none */
  readonly text: string | null;
  readonly maxLength: number;
  readonly cluster?: string;
  /** the event to open it at, as cluster/topic/partition/offset */
  readonly event?: string;
  readonly className?: string;
}
/** A key, which leads to all events that carry it. */
export function KeyLink({ text, maxLength, cluster, event, className }: KeyLinkProps) {
  if (text === null) return <span className="text-dim">none</span>;
  const shown = <BrokerText mono text={text} maxLength={maxLength} />;
  // A path's segment cannot be nothing, and browsers take these two for steps.
  if (["", ".", ".."].includes(text)) return <span className={className}>{shown}</span>;
  return (
    <Link
      className={cn("relative z-10 hover:underline", className)}
      title="All events with this key"
      href={pages.entity(text, { cluster, event })}
      prefetch={false}
    >
      {shown}
    </Link>
  );
}
