"use client";
import { FilterBar } from "#components/page/parts.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { compact } from "#components/ui/format.ts";
import { Select } from "#components/ui/select.tsx";
import type { EntityTopicsView, EntityView } from "#lib/contracts/entities.ts";

export type MergeChoice = "auto" | "snapshot" | "merge_patch";
const MERGE_WORDS: Readonly<Record<Exclude<MergeChoice, "auto">, string>> = {
  snapshot: "each body is a full snapshot",
  merge_patch: "bodies are merge patches",
};

interface EntityFilterProps {
  readonly known: EntityTopicsView | undefined;
  readonly view: EntityView;
  readonly merge: MergeChoice;
  readonly onChange: (change: { cluster?: string | null; topics?: string | null; merge?: MergeChoice | null }) => void;
}
/** The topics of the entity, and how its events are merged into its state. */
export function EntityFilter({ known, view, merge, onChange }: EntityFilterProps) {
  const clusters = [...new Set(known?.topics.map(({ cluster }) => cluster) ?? [view.cluster])];
  const here = known?.topics.filter(({ cluster }) => cluster === view.cluster) ?? [];
  const toggle = (topic: string) => {
    const next = view.topics.includes(topic) ? view.topics.filter((one) => one !== topic) : [...view.topics, topic];
    if (next.length > 0) onChange({ cluster: view.cluster, topics: next.join(",") });
  };
  return (
    <div className="flex flex-col gap-1.5">
      <FilterBar>
        {clusters.length > 1 && (
          <Select
            aria-label="Cluster"
            value={view.cluster}
            onValueChange={(cluster) => onChange({ cluster, topics: null })}
            options={clusters
              .slice(0, 50)
              .map((cluster) => ({ value: cluster, label: <BrokerText text={cluster} maxLength={40} /> }))}
          />
        )}
        {here.slice(0, 40).map(({ topic, events, role, sandbox }) => {
          const on = view.topics.includes(topic);
          return (
            <Button
              key={topic}
              aria-pressed={on}
              disabled={on && view.topics.length === 1}
              variant={on ? "default" : "outline"}
              className="h-8 max-w-72"
              onClick={() => toggle(topic)}
            >
              <BrokerText text={topic} maxLength={36} className="truncate" />
              <span className={on ? "text-mut" : "text-dim"}>
                {compact(events)}
                {sandbox ? " sandbox" : role === "event" ? "" : role === "dead_letter" ? " dead letters" : ` ${role}`}
              </span>
            </Button>
          );
        })}
        <span className="ml-auto" />
        <Select<MergeChoice>
          aria-label="Merge mode"
          value={merge}
          onValueChange={(next) => onChange({ merge: next === "auto" ? null : next })}
          options={[
            { value: "auto", label: "By rules" },
            { value: "merge_patch", label: "Merge patches" },
            { value: "snapshot", label: "Snapshots" },
          ]}
        />
      </FilterBar>
      <p className="text-xs text-dim">{mergeLine(view)}</p>
    </div>
  );
}

function mergeLine({ merge, keyIsCut, earlierLeftOut, timeline }: EntityView): string {
  const words = MERGE_WORDS[merge.without];
  const guessedFrom =
    merge.without === "snapshot"
      ? "all bodies have the same members"
      : "bodies have different members or come from several topics";
  const how =
    merge.by === "choice"
      ? `State: ${words}, as selected here.`
      : merge.by === "rules"
        ? `State: by the configured rules; otherwise ${words}.`
        : `State: ${words}, because no rule is configured (entities.rules) and ${guessedFrom}.`;
  const first = earlierLeftOut
    ? `The last ${timeline.length} events are shown; earlier ones are not part of the state.`
    : "It starts with the first stored event.";
  const cut = "Keys are stored up to 200 characters: longer keys with the same beginning are included.";
  return [how, first, ...(keyIsCut ? [cut] : [])].join(" ");
}
