import Link from "next/link";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { cn } from "#components/ui/cn.ts";
import { pages } from "#lib/client/routes.ts";

interface KeyLinkProps {
  /** null: the event has no key */
  readonly text: string | null;
  readonly maxLength: number;
  readonly cluster?: string;
  /** the event to select there, as cluster/topic/partition/offset */
  readonly event?: string;
  readonly className?: string;
}
/** A key that links to all its events. */
export function KeyLink({ text, maxLength, cluster, event, className }: KeyLinkProps) {
  if (text === null) return <span className="text-dim">none</span>;
  const shown = <BrokerText mono text={text} maxLength={maxLength} />;
  // A path segment cannot be empty, and browsers resolve these two.
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
