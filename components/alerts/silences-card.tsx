import { BellOff } from "lucide-react";
import { useState } from "react";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { useNow } from "#components/time/now.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { cn } from "#components/ui/cn.ts";
import { durationMs, plural } from "#components/ui/format.ts";
import { ClockTime, RelativeTime } from "#components/time/relative-time.tsx";
import type { SilenceRow } from "#lib/contracts/alerts.ts";
import { SilenceDialog, type SilenceDraft } from "./silence-dialog.tsx";
import { useEndSilence } from "./use-alerts.ts";

/** Active and past silences: what, until when, and why. */
export function SilencesCard({ silences }: { readonly silences: readonly SilenceRow[] }) {
  const [draft, setDraft] = useState<SilenceDraft | null>(null);
  const refusal = useWriteRefusal();
  return (
    <Card aria-label="Silences">
      <CardHeader title="Silences">
        <Button
          size="sm"
          disabled={refusal !== null}
          {...(refusal !== null && { title: refusal })}
          onClick={() => setDraft({ rule: "*", cluster: "*", group: "*" })}
        >
          <BellOff /> New…
        </Button>
      </CardHeader>
      {silences.length === 0 ? (
        <p className="border-t px-3.5 py-3 text-mut">
          No silences. Silence a group here before a deploy, or use the button beside an alert.
        </p>
      ) : (
        <ul>
          {silences.map((silence) => (
            <Row key={silence.id} silence={silence} />
          ))}
        </ul>
      )}
      <SilenceDialog draft={draft} onClose={() => setDraft(null)} />
    </Card>
  );
}

function Row({ silence }: { readonly silence: SilenceRow }) {
  const now = useNow();
  const end = useEndSilence();
  const refusal = useWriteRefusal();
  return (
    <li className={cn("flex items-start gap-3 border-t px-3.5 py-2.5", !silence.active && "text-dim")}>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <BrokerText
            text={silence.group === "*" ? "all groups" : silence.group}
            className="min-w-0 truncate font-medium"
            maxLength={60}
          />
          <span className="text-dim">
            {silence.rule === "*" ? "all rules" : silence.rule}
            {silence.cluster !== "*" && ` on ${silence.cluster}`}
          </span>
        </p>
        <p className="mt-0.5 break-words text-mut">
          <bdi>{silence.reason}</bdi>
        </p>
        <p className="mt-0.5 text-xs text-dim">
          {silence.active ? (
            <>
              until <ClockTime at={silence.until} withSeconds={false} />
              {now !== null && <> ({durationMs(Math.max(0, Date.parse(silence.until) - now))} left)</>}
            </>
          ) : (
            <>
              ended <RelativeTime at={silence.endedAt ?? silence.until} />
            </>
          )}{" "}
          · {silence.createdBy}
          {silence.holdsBack > 0 && (
            <span className="text-warn"> · silencing {plural(silence.holdsBack, "alert")}</span>
          )}
        </p>
      </div>
      {silence.active && (
        <Button
          size="sm"
          disabled={refusal !== null || end.isPending}
          {...(refusal !== null && { title: refusal })}
          onClick={() => end.mutate(silence.id)}
          aria-label={`End the silence of ${silence.group}`}
        >
          End
        </Button>
      )}
    </li>
  );
}
