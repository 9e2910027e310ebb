"use client";
import { BellOff } from "lucide-react";
import { useState } from "react";
import { Button, type ButtonProps } from "#components/ui/button.tsx";
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuLabel, DropdownMenuSeparator, DropdownMenuTrigger } from "#components/ui/dropdown-menu.tsx";
import { SilenceDialog, type SilenceDraft } from "./silence-dialog.tsx";
import { useAlertRefusal, useSilence } from "./use-alerts.ts";

const HOUR_MS = 3_600_000;
const SPANS = [{ hours: 1, words: "1 hour" }, { hours: 4, words: "4 hours" }, { hours: 24, words: "1 day" }] as const;

interface SilenceMenuProps {
  readonly cluster: string;
  readonly group: string;
  /** only this rule's alerts; without it every rule's */
  readonly rule?: string;
  /** what it says why, where one click is to be enough */
  readonly reason: string;
  readonly size?: ButtonProps["size"];
}
/** Silences the alerts of one group: with one click for an hour, four or a day, or as long as somebody says. */
export function SilenceMenu({ cluster, group, rule = "*", reason, size = "sm" }: SilenceMenuProps) {
  const [draft, setDraft] = useState<SilenceDraft | null>(null);
  const silence = useSilence();
  const refusal = useAlertRefusal();
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild disabled={refusal !== null || silence.isPending}>
          <Button size={size} {...(refusal !== null && { title: refusal })}>
            <BellOff /> Silence
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuLabel>Tell nobody of it for</DropdownMenuLabel>
          {SPANS.map(({ hours, words }) => (
            <DropdownMenuItem key={hours} onSelect={() => silence.mutate({ rule, cluster, group: group === "" ? "*" : group, reason, until: new Date(Date.now() + hours * HOUR_MS).toISOString() })}>
              {words}
            </DropdownMenuItem>
          ))}
          <DropdownMenuSeparator />
          <DropdownMenuItem onSelect={() => setDraft({ rule, cluster, group: group === "" ? "*" : group })}>Until…</DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <SilenceDialog draft={draft} onClose={() => setDraft(null)} />
    </>
  );
}
