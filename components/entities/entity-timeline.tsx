"use client";
import { useEffect, useRef } from "react";
import { useListKeys } from "#components/page/use-list-keys.ts";
import { FATE_BADGE, fateLine } from "#components/messages/fate-words.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { cn } from "#components/ui/cn.ts";
import { absolute, count, durationMs } from "#components/ui/format.ts";
import { ClockTime } from "#components/time/relative-time.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { EntityStep, EntityView } from "#lib/contracts/entities.ts";

interface EntityTimelineProps {
  readonly view: EntityView;
  readonly index: number;
  readonly go: (index: number) => void;
}
/** The events around the selected one, in order, with the changes of each. */
export function EntityTimeline({ view, index, go }: EntityTimelineProps) {
  const list = useListKeys<HTMLOListElement>();
  const chosen = useRef<HTMLLIElement>(null);
  // Scrolls only the list, not the page.
  useEffect(() => {
    const [line, all] = [chosen.current, list.current];
    if (line === null || all === null) return;
    if (line.offsetTop < all.scrollTop) all.scrollTop = line.offsetTop;
    else if (line.offsetTop + line.offsetHeight > all.scrollTop + all.clientHeight)
      all.scrollTop = line.offsetTop + line.offsetHeight - all.clientHeight;
  }, [index, list, view.from]);
  const last = view.from + view.steps.length;
  return (
    <Card>
      <CardHeader title="Events">
        {view.steps.length < view.timeline.length ? (
          <span>
            {count(view.from + 1)} to {count(last)} of {count(view.timeline.length)}
          </span>
        ) : (
          <span>oldest first</span>
        )}
      </CardHeader>
      <ol ref={list} start={view.from + 1} className="relative max-h-[70dvh] overflow-y-auto border-t max-xl:max-h-72">
        {view.steps.map((step, i) => {
          const at = view.from + i;
          const before = view.timeline[at - 1];
          return (
            <li
              key={step.id}
              ref={at === index ? chosen : null}
              className={cn(
                "relative flex items-start gap-2.5 border-b border-line/70 px-3.5 py-2",
                "last:border-b-0 hover:bg-raise/60",
                at === index && "bg-raise shadow-[inset_2px_0_0_var(--acc)]",
              )}
            >
              <span className="w-7 shrink-0 pt-px text-right font-mono text-xs text-dim">{count(at + 1)}</span>
              <div className="min-w-0 flex-1">
                <div className="flex items-baseline gap-2">
                  <button
                    data-row-link
                    type="button"
                    aria-pressed={at === index}
                    onClick={() => go(at)}
                    className="min-w-0 truncate text-left font-medium after:absolute after:inset-0"
                  >
                    <BrokerText
                      text={step.event.type ?? "unknown type"}
                      maxLength={48}
                      className={step.event.type === null ? "text-mut" : undefined}
                    />
                  </button>
                  <ChangeTags step={step} />
                  <span
                    className="ml-auto shrink-0 font-mono text-xs text-mut"
                    title={absolute(step.event.occurredAt, "utc")}
                  >
                    <ClockTime at={step.event.occurredAt} />
                    {before !== undefined && (
                      <span className="text-dim">
                        {" "}
                        +{durationMs(Date.parse(step.event.occurredAt) - Date.parse(before.at))}
                      </span>
                    )}
                  </span>
                </div>
                <div className="flex flex-wrap items-baseline gap-x-2 text-xs text-mut">
                  <span className="min-w-0 truncate">
                    <BrokerText text={step.event.topic} maxLength={40} />[{step.event.partition}]{" "}
                    <span className="font-mono">{count(step.event.offset)}</span>
                  </span>
                  {step.event.service !== null && (
                    <BrokerText text={step.event.service} maxLength={28} className="text-dim" />
                  )}
                  <span className="ml-auto flex gap-1.5">
                    {step.fates.slice(0, 6).map((fate) => (
                      <span
                        key={fate.group}
                        className={FATE_BADGE[fate.fate].className}
                        title={`${fate.group.slice(0, 100)}: ${fateLine(fate)}`}
                      >
                        {FATE_BADGE[fate.fate].sign}
                      </span>
                    ))}
                  </span>
                </div>
              </div>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}

function ChangeTags({ step }: { readonly step: EntityStep }) {
  if (step.brought === "gap")
    return (
      <Tag tone="warn" title={step.note ?? undefined}>
        NOT APPLIED
      </Tag>
    );
  if (step.brought === "tombstone") return <Tag tone="bad">DELETES</Tag>;
  if (step.brought === "copy")
    return <Tag title={step.note ?? undefined}>{step.event.deadLetter ? "DEAD LETTER" : "RETRY"}</Tag>;
  if (step.changes[0]?.op === "add" && step.changes[0].path === "") return <Tag tone="ok">CREATES</Tag>;
  const changesOf = (op: string) => step.changes.filter((change) => change.op === op).length;
  const [added, changed, removed] = [changesOf("add"), changesOf("replace"), changesOf("remove")];
  return (
    <span
      className="flex shrink-0 gap-1.5 font-mono text-xs"
      aria-label={`${added} added, ${changed} changed, ${removed} removed`}
      role="img"
    >
      {added > 0 && <span className="text-ok">+{added}</span>}
      {changed > 0 && <span className="text-warn">~{changed}</span>}
      {removed > 0 && <span className="text-bad">−{removed}</span>}
      {step.changes.length === 0 && <span className="text-dim">=</span>}
    </span>
  );
}
