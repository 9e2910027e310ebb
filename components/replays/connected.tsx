import { Users } from "lucide-react";
import { useId } from "react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { useNow } from "#components/time/now.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Card, CardBody, CardHeader, StatCard } from "#components/ui/card.tsx";
import { count } from "#components/ui/format.ts";
import { Label } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import type { OffsetResetPreview } from "#lib/contracts/replay-preview.ts";

const MOST_SHOWN = 50;
/** A group that has been empty for less may just be restarting. */
const JUST_EMPTIED_MS = 60_000;

/** How many consumers are connected, and since when there is none. */
export function ConnectedNow({
  of: { members, emptySince },
}: {
  readonly of: Pick<OffsetResetPreview, "members" | "emptySince">;
}) {
  const now = useNow();
  if (members.length > 0)
    return <StatCard label="Connected now" value={count(members.length)} tone="bad" context="must leave first" />;
  const isNew = emptySince !== null && now !== null && now - Date.parse(emptySince) < JUST_EMPTIED_MS;
  return (
    <StatCard
      label="Connected now"
      value="0"
      tone={isNew ? "warn" : "ok"}
      context={
        emptySince === null ? (
          "empty, as it must be"
        ) : (
          <>
            empty for <RelativeTime at={emptySince} suffix="" />
            {isNew ? ": a restart would bring it back" : ", as it must be"}
          </>
        )
      }
    />
  );
}

/** Who keeps the group from being empty; nothing when it is. */
export function Connected({ members }: { readonly members: OffsetResetPreview["members"] }) {
  if (members.length === 0) return null;
  return (
    <Card>
      <CardHeader title="Who is connected" />
      <CardBody>
        <ul className="flex flex-col gap-1">
          {members.slice(0, MOST_SHOWN).map((member, i) => (
            <li key={i} className="flex items-center gap-2 text-mut">
              <Users aria-hidden className="size-3.5" strokeWidth={1.5} />
              <BrokerText mono text={member.clientId} className="text-text" maxLength={60} /> on{" "}
              <BrokerText mono text={member.host} maxLength={60} />
            </li>
          ))}
        </ul>
      </CardBody>
    </Card>
  );
}

const WAITS = [
  { value: "0", label: "no, only if it is empty now" },
  { value: "60", label: "a minute at most" },
  { value: "300", label: "5 minutes at most" },
  { value: "900", label: "15 minutes at most" },
  { value: "3600", label: "an hour at most" },
] as const;

/** How long what needs an empty group may wait for it. */
export function WaitChoice({
  seconds,
  onSeconds,
}: {
  readonly seconds: number;
  readonly onSeconds: (seconds: number) => void;
}) {
  const field = useId();
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Label htmlFor={field}>Wait for the group to be empty</Label>
      <Select id={field} value={String(seconds)} onValueChange={(value) => onSeconds(Number(value))} options={WAITS} />
      {seconds > 0 && (
        <span className="text-dim">
          Done the moment the last member has left, and worked out anew then; it can be stopped while it waits.
        </span>
      )}
    </div>
  );
}
