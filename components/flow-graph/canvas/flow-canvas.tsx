"use client";
import "reactflow/dist/style.css";
import {
  ReactFlow,
  ReactFlowProvider,
  getNodesBounds,
  getViewportForBounds,
  useReactFlow,
  type EdgeMouseHandler,
  type NodeMouseHandler,
  type Viewport,
} from "reactflow";
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type Ref } from "react";
import { BOX_TYPES, type BoxNode } from "./boxes.tsx";
import type { Layout, BoxPosition } from "../layout/layout.ts";
import { LINK_TYPES, type LinkEdge } from "./links.tsx";
import type { Scene } from "../scene.ts";
import { neighbourInDirection } from "../layout/spatial.ts";
import { toDrawn } from "./to-drawn.ts";

export interface FlowCanvasProps {
  readonly scene: Scene;
  readonly layout: Layout;
  readonly windowSeconds: number;
  readonly selected: string | null;
  readonly onSelect: (id: string | null) => void;
  readonly onFocus: (id: string) => void;
  readonly allCauses: boolean;
  /** whether dots move: only while live and when the reader allows motion */
  readonly moving: boolean;
  /** incremented each time the reader asks to fit the graph */
  readonly fitRequests: number;
  readonly canvasRef: Ref<HTMLDivElement>;
}

export function FlowCanvas(props: FlowCanvasProps) {
  const { scene, layout, windowSeconds, selected, allCauses, moving, onSelect } = props;
  const { nodes, edges } = useMemo(
    () => toDrawn({ scene, layout, windowSeconds, selected, allCauses, moving, onSelectGroup: onSelect }),
    [scene, layout, windowSeconds, selected, allCauses, moving, onSelect],
  );
  const { initialWidth, initialHeight } = FIRST_WINDOW;
  const [first] = useState(() =>
    getViewportForBounds(
      getNodesBounds(nodes),
      initialWidth,
      initialHeight,
      READABLE.minZoom,
      READABLE.maxZoom,
      READABLE.padding,
    ),
  );
  return (
    // The first drawing, on the server: for a window of the usual size. The browser then fits it to its own.
    <ReactFlowProvider
      initialNodes={nodes}
      initialEdges={edges}
      {...FIRST_WINDOW}
      fitView
      initialFitViewOptions={READABLE}
      initialMinZoom={READABLE.minZoom}
      initialMaxZoom={READABLE.maxZoom}
    >
      <Canvas {...props} nodes={nodes} edges={edges} first={first} />
    </ReactFlowProvider>
  );
}

// The corners are kept free for the filters above and the legend below.
const FIT = { padding: { top: "64px", right: "24px", bottom: "52px", left: "28px" }, maxZoom: 1.15 } as const;
// Names must stay readable: a larger graph is shown in part, unless the reader asks to fit it.
const READABLE = { ...FIT, minZoom: 0.68 } as const;
const FIRST_WINDOW = { initialWidth: 1232, initialHeight: 758 } as const;
const EDGE = 56;
const TOP = 72;

function positionOf(id: string, scene: Scene, layout: Layout): BoxPosition | undefined {
  const node = scene.nodeById.get(id);
  return layout.boxes.get(node?.kind === "group" && node.serviceNode !== null ? node.serviceNode : id);
}
const ARROWS: Readonly<Record<string, "left" | "right" | "up" | "down">> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

interface CanvasProps extends Omit<FlowCanvasProps, "windowSeconds" | "allCauses" | "moving"> {
  readonly nodes: BoxNode[];
  readonly edges: LinkEdge[];
  readonly first: Viewport;
}

function Canvas({
  nodes,
  edges,
  first,
  scene,
  layout,
  selected,
  onSelect,
  onFocus,
  fitRequests,
  canvasRef,
}: CanvasProps) {
  const { fitView, getViewport, setViewport } = useReactFlow();
  const wrapper = useRef<HTMLDivElement>(null);
  // After the reader has moved the graph, only an explicit fit moves it again.
  const touched = useRef(false);
  const chosen = useRef(selected);

  // The first fit is immediate; later ones are animated.
  const fitted = useRef(false);
  const fit = useCallback(
    (how: typeof FIT | typeof READABLE = READABLE) => {
      void fitView({ ...how, duration: fitted.current ? 300 : 0 });
      fitted.current = true;
    },
    [fitView],
  );
  useEffect(() => {
    // With a selection the view stays where it is.
    if (layout.boxes.size === 0 || touched.current || chosen.current !== null) return;
    const frame = requestAnimationFrame(() => fit());
    return () => cancelAnimationFrame(frame);
  }, [layout, fit]);
  useEffect(() => {
    if (fitRequests === 0) return;
    touched.current = false;
    fit(FIT);
  }, [fitRequests, fit]);
  useEffect(() => {
    const element = wrapper.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(() => !touched.current && chosen.current === null && fit(), 60);
    });
    observer.observe(element);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [fit]);

  // The panel narrows the canvas: the zoom stays, and the view moves only when the selection would be hidden.
  useEffect(() => {
    chosen.current = selected;
    const box = selected === null ? undefined : positionOf(selected, scene, layout);
    if (!box) return;
    const timer = setTimeout(() => {
      const element = wrapper.current;
      if (!element) return;
      const { x, y, zoom } = getViewport();
      const by = (start: number, size: number, least: number, most: number) =>
        start < least ? least - start : start + size > most ? most - start - size : 0;
      const dx = by(box.x * zoom + x, box.width * zoom, EDGE, element.clientWidth - EDGE);
      const dy = by(box.y * zoom + y, box.height * zoom, TOP, element.clientHeight - EDGE);
      if (dx !== 0 || dy !== 0) void setViewport({ x: x + dx, y: y + dy, zoom }, { duration: 250 });
    }, 120);
    return () => clearTimeout(timer);
    // Only a new selection moves the view; new data and layouts do not.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selected]);

  const onNodeClick: NodeMouseHandler<BoxNode> = useCallback((_event, node) => onSelect(node.id), [onSelect]);
  const onNodeDoubleClick: NodeMouseHandler<BoxNode> = useCallback((_event, node) => onFocus(node.id), [onFocus]);
  const onEdgeClick: EdgeMouseHandler<LinkEdge> = useCallback((_event, edge) => onSelect(edge.id), [onSelect]);
  const onKeyDown = (event: KeyboardEvent) => {
    const here = (event.target as HTMLElement).closest<HTMLElement>(".react-flow__node")?.dataset.id;
    if (here === undefined) return;
    const direction = ARROWS[event.key];
    if (event.key === "Enter" || event.key === " ") onSelect(here);
    else if (direction === undefined) return;
    else {
      const next = neighbourInDirection(layout, here, direction);
      if (next !== null)
        wrapper.current?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(next)}"]`)?.focus();
    }
    event.preventDefault();
  };

  return (
    <div
      ref={wrapper}
      className="absolute inset-0"
      onKeyDown={onKeyDown}
      role="group"
      aria-label="Flow graph. Tab enters it, arrow keys move between nodes, Enter selects."
    >
      <div ref={canvasRef} className="size-full">
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={BOX_TYPES}
          edgeTypes={LINK_TYPES}
          onNodeClick={onNodeClick}
          onNodeDoubleClick={onNodeDoubleClick}
          onEdgeClick={onEdgeClick}
          onPaneClick={() => onSelect(null)}
          onMoveStart={(event) => {
            if (event) touched.current = true;
          }}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          elementsSelectable
          disableKeyboardA11y
          deleteKeyCode={null}
          selectionKeyCode={null}
          multiSelectionKeyCode={null}
          zoomOnDoubleClick={false}
          defaultViewport={first}
          fitView
          fitViewOptions={READABLE}
          minZoom={0.1}
          maxZoom={2.5}
          proOptions={{ hideAttribution: false }}
          className="!bg-transparent"
        >
          <svg className="absolute size-0">
            <defs>
              <marker
                id="cause-arrow"
                viewBox="0 0 8 8"
                refX="7"
                refY="4"
                markerWidth="6"
                markerHeight="6"
                orient="auto-start-reverse"
              >
                <path d="M0 0 8 4 0 8Z" fill="var(--acc)" />
              </marker>
            </defs>
          </svg>
        </ReactFlow>
      </div>
    </div>
  );
}
