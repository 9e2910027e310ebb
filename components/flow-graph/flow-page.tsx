"use client";
import { useCallback, useMemo, useRef, useState } from "react";
import { useHotkeys } from "#components/shell/use-hotkeys.ts";
import { useNow } from "#components/time/now.ts";
import { TimeRail } from "#components/time/rail.tsx";
import { useAt } from "#components/time/time-window.ts";
import { cn } from "#components/ui/cn.ts";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Sheet, SheetContent } from "#components/ui/sheet.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { toast } from "#components/ui/toast.tsx";
import { FLOW_WINDOW_SECONDS } from "#lib/contracts/flow.ts";
import type { Frame, PlacedPart } from "./layout/layout.ts";
import { FlowCanvas } from "./canvas/flow-canvas.tsx";
import { BOTTOM, SIDE } from "./canvas/use-fit.ts";
import { FlowEmpty } from "./flow-empty.tsx";
import { FlowNodes } from "./flow-nodes.tsx";
import { Legend } from "./canvas/legend.tsx";
import { FlowPanel } from "./panel/flow-panel.tsx";
import { NO_FILTER, filterOf, isFiltered } from "./flow-question.ts";
import { toScene } from "./scene.ts";
import { FlowFilters } from "./toolbar/flow-filters.tsx";
import { FlowActions } from "./toolbar/flow-actions.tsx";
import { useFlowGraph } from "./use-flow-graph.ts";
import { useFlowState } from "./use-flow-state.ts";
import { useLayout } from "./layout/use-layout.ts";
import { useMedia } from "./use-media.ts";
import { useSize } from "./use-size.ts";
import { GraphSkeleton } from "./graph-skeleton.tsx";

/** Live data older than this is marked with its age. */
const STALE_MS = 15_000;

const TOOLBAR_TOP = 14;
const TOOLBAR_LEAST = 36;
const TOOLBAR_GAP = 14;
/** What the toolbar and the legend leave to the graph. */
const frameIn = (space: Frame, top: number): Frame => ({
  width: Math.max(240, space.width - 2 * SIDE),
  height: Math.max(160, space.height - top - BOTTOM),
});

/** `firstLayout` is computed on the server; null: the browser computes it. */
export function FlowPage({ firstLayout }: { readonly firstLayout: readonly PlacedPart[] | null }) {
  const [state, setState] = useFlowState();
  const [at, setAt] = useAt();
  const small = useMedia("(max-width: 699px)", false);
  const isList = state.view === "list";
  const graph = useFlowGraph(filterOf(state), at, !isList || small);
  const view = graph.data;
  const scene = useMemo(() => (view ? toScene(view) : null), [view]);
  const space = useRef<HTMLDivElement>(null);
  const toolbar = useRef<HTMLDivElement>(null);
  const size = useSize(space);
  const bar = useSize(toolbar);
  const top = TOOLBAR_TOP + Math.max(bar?.height ?? 0, TOOLBAR_LEAST) + TOOLBAR_GAP;
  const frame = useMemo((): Frame | null => size && frameIn(size, top), [size, top]);
  const { layout, failed } = useLayout(scene, firstLayout, frame);
  const [fitRequests, setFitRequests] = useState(0);
  const [filterOpen, setFilterOpen] = useState(false);
  const [exportOpen, setExportOpen] = useState(false);
  const canvas = useRef<HTMLDivElement>(null);
  const still = useMedia("(prefers-reduced-motion: reduce)", true);
  const now = useNow();
  const stale = view !== undefined && at === null && now !== null && now - Date.parse(view.at) > STALE_MS;

  const select = useCallback((id: string | null) => setState({ sel: id }), [setState]);
  const focus = useCallback((id: string) => setState({ focus: id, sel: id }), [setState]);
  const open = useCallback(
    (id: string) => {
      // What is drawn already stays as it is; anything else is shown with its neighborhood.
      const isDrawn = scene?.nodeById.has(id) ?? false;
      setState({ view: null, sel: id, ...(!isDrawn && { focus: id }) });
    },
    [scene, setState],
  );
  const exportAs = (format: "png" | "svg") => {
    const element = canvas.current;
    const name = `flow-${new Date(view?.at ?? Date.now()).toISOString().slice(0, 19).replaceAll(":", "-")}`;
    if (element)
      import("./canvas/export-image.ts")
        .then(({ exportImage }) => exportImage(element, layout, format, name))
        .then(
          () => toast.done(`The graph was saved as ${format.toUpperCase()}`),
          (error: unknown) => toast.failed("The graph could not be saved", error),
        );
  };
  useHotkeys({
    f: () => setFitRequests((requests) => requests + 1),
    e: () => setExportOpen(true),
    l: () => setState({ view: isList ? null : "list", cursor: null }),
    c: () => setState({ causes: !state.causes }),
    n: () => state.sel !== null && focus(state.sel),
    "/": () => !isList && setFilterOpen(true),
    " ": () => setAt(at ? null : new Date()),
    Escape: () => (state.sel !== null ? select(null) : state.focus !== null && setState({ focus: null, hops: null })),
  });

  const panel = state.sel !== null && scene && view && (
    <FlowPanel
      selected={state.sel}
      scene={scene}
      windowSeconds={view.windowSeconds}
      onSelect={select}
      onFocus={focus}
    />
  );
  const filters = (
    <FlowFilters view={view} state={state} onState={setState} filterOpen={filterOpen} onFilterOpen={setFilterOpen} />
  );
  const empty = view && scene && scene.boxes.length === 0 && !isList && (
    <FlowEmpty
      view={view}
      filtered={isFiltered(state)}
      at={at}
      onClear={() => setState(NO_FILTER)}
      onLive={() => setAt(null)}
    />
  );
  const error = graph.isError && !view && (
    <ErrorPanel
      className="m-4"
      title="The graph could not be loaded"
      error={graph.error}
      onRetry={() => void graph.refetch()}
    />
  );
  const windowSeconds = view?.windowSeconds ?? FLOW_WINDOW_SECONDS;
  const nodes = <FlowNodes state={state} at={at} windowSeconds={windowSeconds} onState={setState} onOpen={open} />;
  const age = stale && (
    <span className="rounded-md border border-warnline bg-warnbg px-2.5 py-1 text-warn">
      as of <RelativeTime at={view.at} />
    </span>
  );

  if (small)
    return (
      <div className="@container flex min-h-full flex-col gap-3 pt-3">
        <h1 className="sr-only">Flow</h1>
        <div className="flex flex-wrap items-center gap-2 px-3">
          {filters}
          {age}
        </div>
        {error}
        {empty}
        {!view && !error && <Skeleton className="mx-3 h-64" />}
        {view && !empty && nodes}
        <Sheet open={panel !== false && panel !== null} onOpenChange={(open) => !open && select(null)}>
          <SheetContent side="bottom" title="Selected">
            <div className="-m-4">{panel}</div>
          </SheetContent>
        </Sheet>
        <div className="sticky bottom-0 mt-auto">
          <TimeRail cluster={state.cluster} />
        </div>
      </div>
    );

  return (
    <div className="absolute inset-0 flex">
      <h1 className="sr-only">Flow</h1>
      <div className="flex min-w-0 flex-1 flex-col">
        <div
          ref={space}
          className={cn(
            "@container relative min-h-0 flex-1 overflow-hidden",
            "bg-[radial-gradient(circle_at_1px_1px,var(--grid-dot)_1px,transparent_1px)] bg-size-[22px_22px]",
          )}
        >
          {scene && view && layout.boxes.size > 0 && !empty && !isList && (
            <FlowCanvas
              scene={scene}
              layout={layout}
              windowSeconds={view.windowSeconds}
              selected={state.sel}
              onSelect={select}
              onFocus={focus}
              allCauses={state.causes}
              moving={at === null && !still && !stale}
              fitRequests={fitRequests}
              top={top}
              canvasRef={canvas}
            />
          )}
          {!error && !empty && !isList && layout.boxes.size === 0 && !failed && <GraphSkeleton />}
          {isList && (
            <div className="absolute inset-0 overflow-y-auto bg-bg" style={{ paddingTop: top }}>
              {nodes}
            </div>
          )}
          <div ref={toolbar} className="absolute inset-x-4 top-3.5 z-10 flex items-start justify-between gap-3">
            {filters}
            <FlowActions
              list={isList}
              onList={(on) => setState({ view: on ? "list" : null, cursor: null })}
              causes={state.causes}
              onCauses={(on) => setState({ causes: on })}
              onFit={() => setFitRequests((requests) => requests + 1)}
              onExport={exportAs}
              exportOpen={exportOpen}
              onExportOpen={setExportOpen}
            />
          </div>
          <div className={cn("absolute bottom-3 left-4 z-10 flex items-center gap-2", isList && "hidden")}>
            <Legend />
            {age}
          </div>
          <div className="absolute inset-x-0 top-16">
            {error}
            {empty}
            {failed && <ErrorPanel className="m-4" title="The graph could not be laid out" error={failed} />}
          </div>
        </div>
        <TimeRail cluster={state.cluster} />
      </div>
      {panel && (
        <aside
          aria-label="Selected"
          className={cn(
            "w-[360px] shrink-0 overflow-y-auto border-l bg-panel",
            "max-lg:absolute max-lg:inset-y-0 max-lg:right-0 max-lg:z-20 max-lg:shadow-float",
          )}
        >
          {panel}
        </aside>
      )}
    </div>
  );
}
