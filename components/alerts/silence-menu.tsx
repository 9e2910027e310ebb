"use client";
import { BellOff } from "lucide-react";
import { useState } from "react";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { useNow } from "#components/time/now.ts";
import { Button, type ButtonProps } from "#components/ui/button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "#components/ui/dropdown-menu.tsx";
import { roughly } from "#components/ui/format.ts";
import { ClockTime } from "#components/time/relative-time.tsx";
import type { SilenceRow } from "#lib/contracts/alerts.ts";
import { SilenceDialog, type SilenceDraft } from "./silence-dialog.tsx";
import { useEndSilence, useSilence } from "./use-alerts.ts";

const HOUR_MS = 3_600_000;
const SPANS = [
  { hours: 1, words: "1 hour" },
  { hours: 4, words: "4 hours" },
  { hours: 24, words: "1 day" },
] as const;

interface SilenceMenuProps {
  readonly cluster: string;
  readonly group: string;
  /** only alerts of this rule; default: all rules */
  readonly rule?: string;
  /** the reason that is stored for a silence made with one click */
  readonly reason: string;
  /** active silences of this group, which can be ended here */
  readonly silences?: readonly SilenceRow[];
  readonly size?: ButtonProps["size"];
}
/**
 * Silences the alerts of one group for one hour, four hours, a day, or until a chosen time. Viewers see why they may
 * not.
 */
export function SilenceMenu({ cluster, group, rule = "*", reason, silences = [], size = "sm" }: SilenceMenuProps) {
  const [draft, setDraft] = useState<SilenceDraft | null>(null);
  const silence = useSilence();
  const end = useEndSilence();
  const refusal = useWriteRefusal();
  const now = useNow();
  const scope = { rule, cluster, group: group === "" ? "*" : group };
  const until = silences.reduce((latest, one) => Math.max(latest, Date.parse(one.until)), 0);
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild disabled={silence.isPending || end.isPending}>
          <Button size={size} {...(until > 0 && { className: "border-warnline text-warn" })}>
            <BellOff />{" "}
            {until === 0 ? "Silence" : `Silenced${now === null ? "" : `, ${roughly(Math.max(0, until - now))}`}`}
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end" className="max-w-72 min-w-52">
          {silences.map((one) => (
            <div key={one.id}>
              <DropdownMenuLabel className="break-words">
                Until <ClockTime at={one.until} withSeconds={false} /> by {one.createdBy}
                {one.rule !== "*" && <>, only {one.rule}</>}
                {one.group !== scope.group && (
                  <>
                    , <bdi>{one.group === "*" ? "all groups" : one.group}</bdi>
                  </>
                )}
                : <bdi>{one.reason}</bdi>
              </DropdownMenuLabel>
              <DropdownMenuItem disabled={refusal !== null} onSelect={() => end.mutate(one.id)}>
                End silence
              </DropdownMenuItem>
              <DropdownMenuSeparator />
            </div>
          ))}
          <DropdownMenuLabel>{refusal ?? "Silence for"}</DropdownMenuLabel>
          {SPANS.map(({ hours, words }) => (
            <DropdownMenuItem
              key={hours}
              disabled={refusal !== null}
              onSelect={() =>
                silence.mutate({ ...scope, reason, until: new Date(Date.now() + hours * HOUR_MS).toISOString() })
              }
            >
              {words}
            </DropdownMenuItem>
          ))}
          <DropdownMenuSeparator />
          <DropdownMenuItem disabled={refusal !== null} onSelect={() => setDraft(scope)}>
            Until…
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <SilenceDialog draft={draft} onClose={() => setDraft(null)} />
    </>
  );
}
