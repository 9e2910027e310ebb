"use client";
import { Download, ListFilter, Minus, Plus, Spline, X } from "lucide-react";
import type { ReactNode } from "react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "#components/ui/dropdown-menu.tsx";
import { count } from "#components/ui/format.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import type { FlowGraphView } from "#lib/contracts/flow.ts";
import { FilterMenu } from "./filter-menu.tsx";
import { NO_FILTER, isFiltered, type FlowState } from "../flow-question.ts";

interface ToolbarProps {
  readonly view: FlowGraphView | undefined;
  readonly state: FlowState;
  readonly onState: (change: { readonly [K in keyof FlowState]?: FlowState[K] | null }) => void;
  readonly filterOpen: boolean;
  readonly onFilterOpen: (open: boolean) => void;
}

/** The filters of the graph. */
export function FlowFilters({ view, state, onState, filterOpen, onFilterOpen }: ToolbarProps) {
  const services = withChosen(view?.filters.services ?? [], state.service);
  const types = withChosen(view?.filters.types ?? [], state.type);
  const named = (kind: "topic" | "group") =>
    withChosen(
      [...new Set((view?.nodes ?? []).flatMap((node) => (node.kind === kind ? [node.label] : [])))].sort(),
      state[kind],
    );
  const service = {
    title: "Services",
    values: services,
    chosen: state.service,
    onChoose: (value: string | null) => onState({ service: value }),
  };
  const type = {
    title: "Event types",
    values: types,
    chosen: state.type,
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
            chosen: state.topic,
            onChoose: (value) => onState({ topic: value }),
          },
          {
            title: "Groups",
            values: named("group"),
            chosen: state.group,
            onChoose: (value) => onState({ group: value }),
          },
          service,
          type,
        ]}
      />
      {state.topic && (
        <Chosen onClear={() => onState({ topic: null })}>
          topic {<BrokerText text={state.topic} mono maxLength={28} />}
        </Chosen>
      )}
      {state.group && (
        <Chosen onClear={() => onState({ group: null })}>
          group {<BrokerText text={state.group} maxLength={28} />}
        </Chosen>
      )}
      {focused !== null && (
        <Chosen onClear={() => onState({ focus: null, hops: null })}>
          near <BrokerText text={focused} maxLength={28} />
          <span className="ml-1 flex items-center gap-1">
            <Button
              variant="ghost"
              size="icon-sm"
              className="size-5"
              aria-label="Fewer hops"
              disabled={state.hops <= 1}
              onClick={() => onState({ hops: state.hops - 1 })}
            >
              <Minus />
            </Button>
            {state.hops} {state.hops === 1 ? "hop" : "hops"}
            <Button
              variant="ghost"
              size="icon-sm"
              className="size-5"
              aria-label="More hops"
              disabled={state.hops >= 6}
              onClick={() => onState({ hops: state.hops + 1 })}
            >
              <Plus />
            </Button>
          </span>
        </Chosen>
      )}
      {view && view.neighbourhoodOf.length > 0 && state.focus === null && (
        <span className="rounded-md border border-line2 bg-panel px-2.5 py-1.5 text-mut">
          {count(view.nodes.length)} of {count(view.totalNodes)} nodes: only services with problems and their neighbors
        </span>
      )}
      {isFiltered(state) && (
        <Button variant="ghost" size="lg" onClick={() => onState(NO_FILTER)}>
          Show all
        </Button>
      )}
    </div>
  );
}

const withChosen = (values: readonly string[], chosen: string | null) =>
  chosen === null || values.includes(chosen) ? values : [chosen, ...values];

const Chosen = ({ children, onClear }: { readonly children: ReactNode; readonly onClear: () => void }) => (
  <span className="flex h-8 items-center gap-1.5 rounded-md border border-acc/60 bg-panel pr-1 pl-2.5">
    {children}
    <Button variant="ghost" size="icon-sm" aria-label="Remove this filter" onClick={onClear}>
      <X />
    </Button>
  </span>
);

interface ActionsProps {
  readonly causes: boolean;
  readonly onCauses: (on: boolean) => void;
  readonly onFit: () => void;
  readonly onExport: (format: "png" | "svg") => void;
  readonly exportOpen: boolean;
  readonly onExportOpen: (open: boolean) => void;
}
export function FlowActions({ causes, onCauses, onFit, onExport, exportOpen, onExportOpen }: ActionsProps) {
  return (
    <div className="flex items-center gap-2">
      <Button
        variant="outline"
        size="lg"
        aria-pressed={causes}
        className={causes ? "border-acc/60 text-text" : ""}
        onClick={() => onCauses(!causes)}
        title="Show which events cause which, from topic to topic"
      >
        <Spline /> <span className="@max-[640px]:sr-only">Causes</span> <Kbd className="@max-[860px]:hidden">c</Kbd>
      </Button>
      <Button variant="outline" size="lg" onClick={onFit}>
        Fit <Kbd className="@max-[860px]:hidden">f</Kbd>
      </Button>
      <DropdownMenu open={exportOpen} onOpenChange={onExportOpen}>
        <DropdownMenuTrigger asChild>
          <Button variant="outline" size="lg">
            <Download className="@min-[640px]:hidden" /> <span className="@max-[640px]:sr-only">Export</span>
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem onSelect={() => onExport("png")}>PNG image</DropdownMenuItem>
          <DropdownMenuItem onSelect={() => onExport("svg")}>SVG image</DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
    </div>
  );
}
