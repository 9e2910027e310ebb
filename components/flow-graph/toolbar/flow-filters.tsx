"use client";
import { ListFilter } from "lucide-react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import type { FlowGraphView } from "#lib/contracts/flow.ts";
import { MAX_NODES } from "#lib/domain/flow/graph.ts";
import { FilterChip } from "./filter-chip.tsx";
import { FilterMenu } from "./filter-menu.tsx";
import { HopControl } from "./hop-control.tsx";
import { ShownShare } from "./shown-share.tsx";
import { NO_FILTER, isFiltered, type FlowState } from "../flow-question.ts";

interface FlowFiltersProps {
  readonly view: FlowGraphView | undefined;
  readonly state: FlowState;
  readonly onState: (change: { readonly [K in keyof FlowState]?: FlowState[K] | null }) => void;
  readonly filterOpen: boolean;
  readonly onFilterOpen: (open: boolean) => void;
}

/** The filters of the graph. */
export function FlowFilters({ view, state, onState, filterOpen, onFilterOpen }: FlowFiltersProps) {
  const services = withSelected(view?.filters.services ?? [], state.service);
  const types = withSelected(view?.filters.types ?? [], state.type);
  const named = (kind: "topic" | "group") =>
    withSelected(
      [...new Set((view?.nodes ?? []).flatMap((node) => (node.kind === kind ? [node.label] : [])))].sort(),
      state[kind],
    );
  const service = {
    title: "Services",
    values: services,
    selected: state.service,
    onChoose: (value: string | null) => onState({ service: value }),
  };
  const type = {
    title: "Event types",
    values: types,
    selected: state.type,
    onChoose: (value: string | null) => onState({ type: value }),
  };
  const focused =
    state.focus === null ? null : (view?.nodes.find((node) => node.id === state.focus)?.label ?? state.focus.slice(2));
  return (
    <div className="flex flex-wrap items-center gap-2">
      <FilterMenu
        label={state.service ? <BrokerText text={state.service} maxLength={24} /> : "All services"}
        hint="Filter by service"
        sections={[service]}
      />
      <FilterMenu
        label={state.type ? <BrokerText text={state.type} maxLength={28} /> : "All event types"}
        hint="Filter by event type"
        sections={[type]}
      />
      <Button
        variant="outline"
        size="lg"
        aria-pressed={state.errors === "only"}
        className={cn("max-sm:hidden", state.errors && "border-badline bg-badbg text-bad hover:text-bad")}
        onClick={() => onState({ errors: state.errors ? null : "only" })}
      >
        Errors only
      </Button>
      <FilterMenu
        label={
          <>
            <ListFilter /> <Kbd className="@max-[860px]:hidden">/</Kbd>
          </>
        }
        hint="Filter by topic, group, service or event type"
        open={filterOpen}
        onOpenChange={onFilterOpen}
        sections={[
          {
            title: "Topics",
            values: named("topic"),
            selected: state.topic,
            onChoose: (value) => onState({ topic: value }),
          },
          {
            title: "Groups",
            values: named("group"),
            selected: state.group,
            onChoose: (value) => onState({ group: value }),
          },
          service,
          type,
        ]}
      />
      {state.topic && (
        <FilterChip onClear={() => onState({ topic: null })}>
          topic {<BrokerText text={state.topic} mono maxLength={28} />}
        </FilterChip>
      )}
      {state.group && (
        <FilterChip onClear={() => onState({ group: null })}>
          group {<BrokerText text={state.group} maxLength={28} />}
        </FilterChip>
      )}
      {focused !== null && (
        <FilterChip onClear={() => onState({ focus: null, hops: null })}>
          near <BrokerText text={focused} maxLength={28} />
          <HopControl hops={state.hops} onHops={(hops) => onState({ hops })} />
        </FilterChip>
      )}
      {view &&
        state.view === null &&
        (view.neighbourhoodOf.length > 0 || (state.limit !== null && view.totalNodes > MAX_NODES)) &&
        state.focus === null && (
          <ShownShare
            view={view}
            limit={state.limit}
            onLimit={(limit) => onState({ limit })}
            onList={() => onState({ view: "list", cursor: null })}
          />
        )}
      {isFiltered(state) && (
        <Button variant="ghost" size="lg" onClick={() => onState(NO_FILTER)}>
          Show all
        </Button>
      )}
    </div>
  );
}

const withSelected = (values: readonly string[], selected: string | null) =>
  selected === null || values.includes(selected) ? values : [selected, ...values];
