"use client";
import { Eye } from "lucide-react";
import { useState } from "react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogContent, DialogFooter } from "#components/ui/dialog.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { count } from "#components/ui/format.ts";
import { Input } from "#components/ui/input.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Select } from "#components/ui/select.tsx";
import type { RedrivePlanInput } from "#lib/contracts/replays.ts";
import { ReplayDraft } from "./replay-draft.tsx";
import { useWriteRefusal } from "./use-operator.ts";
import { usePlanReplay } from "./use-replay.ts";

/** Which dead letters: all open ones with a fingerprint, or chosen ones. */
export type RedriveSelection = { readonly fingerprint: string; readonly items: number } | { readonly failureIds: readonly string[]; readonly items: number };

interface RedriveDialogProps {
  readonly selection: RedriveSelection | null;
  readonly onClose: () => void;
  /** the groups they failed in */
  readonly groups: readonly string[];
  /** Set: only this group's dead letters, and no choice. */
  readonly group?: string;
}
/** Plan → preview → reason → run. The draft is the server's: closing the window loses nothing. */
export function RedriveDialog({ selection, onClose, groups, group }: RedriveDialogProps) {
  return (
    <Dialog open={selection !== null} onOpenChange={(open) => !open && onClose()}>
      {selection !== null && (
        <DialogContent
          className="max-w-3xl"
          title={`Replay ${count(selection.items)} ${selection.items === 1 ? "dead letter" : "dead letters"}`}
          description="Each is sent once to the topic it came from, without its dead-letter headers. You see who receives them before anything is sent."
        >
          <Steps selection={selection} onClose={onClose} groups={groups} {...(group !== undefined && { group })} />
        </DialogContent>
      )}
    </Dialog>
  );
}

function Steps({ selection, onClose, groups, group }: RedriveDialogProps & { readonly selection: RedriveSelection }) {
  const plan = usePlanReplay();
  const refusal = useWriteRefusal();
  const [only, setOnly] = useState(group ?? "*");
  const [targetTopic, setTargetTopic] = useState("");
  const [to, setTo] = useState<"topic" | "group">("topic");
  const onlyGroup = only === "*" ? (groups.length === 1 ? (groups[0] ?? null) : null) : only;
  const [rate, setRate] = useState("50");
  const [first, setFirst] = useState(selection.items > 1 ? "1" : "0");
  const [stopAbove, setStopAbove] = useState("20");
  if (plan.data !== undefined) return <ReplayDraft view={plan.data} onDiscard={onClose} />;

  const ratePerSecond = Number(rate);
  const valid = ratePerSecond >= 0.1 && ratePerSecond <= 100_000;
  const validFirst = /^\d{1,3}$/.test(first) && Number(first) <= 100;
  const validStop = /^\d{1,3}$/.test(stopAbove) && Number(stopAbove) <= 100;
  const input = (): RedrivePlanInput => ({
    kind: "redrive",
    ...("fingerprint" in selection ? { fingerprint: selection.fingerprint } : { failureIds: [...selection.failureIds] }),
    ...(only !== "*" && { group: only }),
    to: to === "group" && onlyGroup !== null ? { how: "group", group: onlyGroup } : { how: "topic" },
    ...(to === "topic" && targetTopic.trim() !== "" && { targetTopic: targetTopic.trim() }),
    stale: "ask",
    ratePerSecond,
    canary: { items: Number(first), timeoutSeconds: 120, then: "pause" },
    stopAbove: Number(stopAbove) / 100,
  });
  return (
    <form
      className="flex flex-col gap-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        plan.mutate(input());
      }}
    >
      <div className="grid gap-3.5 sm:grid-cols-2">
        {group === undefined && groups.length > 1 && (
          <div className="flex flex-col gap-1">
            <span className="text-xs font-medium text-mut">Which failures</span>
            <Select aria-label="Only those of one group" value={only} onValueChange={setOnly} options={[{ value: "*", label: "Of every group" }, ...groups.slice(0, 100).map((name) => ({ value: name, label: <BrokerText text={name} maxLength={60} /> }))]} />
          </div>
        )}
        <label className="flex flex-col gap-1">
          <span className="text-xs font-medium text-mut">At most, events per second</span>
          <Input inputMode="decimal" value={rate} aria-invalid={!valid} maxLength={8} onChange={(event) => setRate(event.target.value)} />
        </label>
        <label className="flex flex-col gap-1">
          <span className="text-xs font-medium text-mut">Sent first, the rest when these are seen consumed</span>
          <Input inputMode="numeric" value={first} aria-invalid={!validFirst} maxLength={3} onChange={(event) => setFirst(event.target.value)} />
        </label>
        <label className="flex flex-col gap-1">
          <span className="text-xs font-medium text-mut">Stop when more than this many percent fail again</span>
          <Input inputMode="numeric" value={stopAbove} aria-invalid={!validStop} maxLength={3} onChange={(event) => setStopAbove(event.target.value)} />
        </label>
        <div className="flex flex-col gap-1 sm:col-span-2">
          <span className="text-xs font-medium text-mut">For whom</span>
          <Segmented
            aria-label="For whom"
            value={to}
            onValueChange={setTo}
            options={[{ value: "topic", label: "everybody who reads the topic" }, { value: "group", label: onlyGroup === null ? "one group (choose it above)" : <>only <BrokerText text={onlyGroup} maxLength={40} /></> }]}
          />
          {to === "group" && <span className={onlyGroup === null ? "text-xs text-warn" : "text-xs text-dim"}>{onlyGroup === null ? "Choose above which group’s failures: then they go to that group only." : "By the retry topic that only this group reads, where it has one; else to the topic they came from with a header, on which the other groups must filter."}</span>}
        </div>
        {to === "topic" && <label className="flex flex-col gap-1 sm:col-span-2">
          <span className="text-xs font-medium text-mut">Send to</span>
          <Input className="font-mono text-xs" value={targetTopic} maxLength={249} placeholder="each one’s original topic" onChange={(event) => setTargetTopic(event.target.value)} />
          <span className="text-xs text-dim">A retry topic that only the failed group reads keeps the events from every other group.</span>
        </label>}
      </div>
      {plan.error !== null && <ErrorPanel title="No plan could be made" error={plan.error} />}
      <DialogFooter className="items-center">
        {refusal !== null && <p className="min-w-0 flex-1 text-warn">{refusal}</p>}
        <Button onClick={onClose}>Close</Button>
        <Button type="submit" variant="primary" disabled={refusal !== null || !valid || !validFirst || !validStop || (to === "group" && onlyGroup === null) || plan.isPending}>
          <Eye /> {plan.isPending ? "Planning…" : "Preview"}
        </Button>
      </DialogFooter>
    </form>
  );
}
