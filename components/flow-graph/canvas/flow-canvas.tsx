"use client";
import "reactflow/dist/style.css";
import {
  ReactFlow,
  ReactFlowProvider,
  getNodesBounds,
  getViewportForBounds,
  useReactFlow,
  useStore,
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
import { distanceOf } from "./distance.ts";
import { openDrawing } from "./to-drawn.ts";
import { MAX_FIT, MIN_ZOOM, paddingFor, useFit } from "./use-fit.ts";

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
  /** the height in px that the toolbar takes at the top */
  readonly top: number;
  readonly canvasRef: Ref<HTMLDivElement>;
}

export function FlowCanvas(props: FlowCanvasProps) {
  const { scene, layout, windowSeconds, selected, allCauses, moving, onSelect, top } = props;
  const [draw] = useState(openDrawing);
  const { nodes, edges } = useMemo(
    () => draw({ scene, layout, windowSeconds, selected, allCauses, moving, onSelectGroup: onSelect }),
    [draw, scene, layout, windowSeconds, selected, allCauses, moving, onSelect],
  );
  const { initialWidth, initialHeight } = FIRST_WINDOW;
  const [first] = useState(() =>
    getViewportForBounds(getNodesBounds(nodes), initialWidth, initialHeight, MIN_ZOOM, MAX_FIT, paddingFor(top)),
  );
  return (
    // The first drawing, on the server: for a window of the usual size. The browser then fits it to its own.
    <ReactFlowProvider
      initialNodes={nodes}
      initialEdges={edges}
      {...FIRST_WINDOW}
      fitView
      initialFitViewOptions={{ padding: paddingFor(top), maxZoom: MAX_FIT }}
      initialMinZoom={MIN_ZOOM}
      initialMaxZoom={MAX_FIT}
    >
      <Canvas {...props} nodes={nodes} edges={edges} first={first} />
    </ReactFlowProvider>
  );
}

const FIRST_WINDOW = { initialWidth: 1232, initialHeight: 758 } as const;
const EDGE = 56;

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
  top,
  canvasRef,
}: CanvasProps) {
  const { getViewport, setViewport } = useReactFlow();
  const wrapper = useRef<HTMLDivElement>(null);
  const chosen = useRef(selected);
  const keepView = useFit({ wrapper, chosen, layout, top, fitRequests });
  const distance = useStore(distanceOf);

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
      const dy = by(box.y * zoom + y, box.height * zoom, top + 8, element.clientHeight - EDGE);
      if (dx !== 0 || dy !== 0) void setViewport({ x: x + dx, y: y + dy, zoom }, { duration: 250 });
    }, 120);
    return () => clearTimeout(timer);
    // Only a new selection moves the view; new data and layouts do not.
    // oxlint-disable-next-line hooks/exhaustive-deps
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
      className="group/canvas absolute inset-0"
      data-distance={distance}
      data-layout={layout.parts.some(({ part }) => part.isDraft) ? "draft" : "routed"}
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
            if (event) keepView();
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
          fitViewOptions={{ padding: paddingFor(top), maxZoom: MAX_FIT }}
          minZoom={MIN_ZOOM}
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
