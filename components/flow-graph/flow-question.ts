/** The flow graph’s query in the address. The page reads it on the server too, so this is not a client module. */
import { createLoader, parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import type { FlowFilter } from "#components/shell/live-store.ts";
import { MOST_SHOWN } from "#lib/contracts/flow.ts";
import { FLOW_NODE_KINDS } from "#lib/domain/flow/graph.ts";
import { TIME_PARSERS } from "#components/time/time-query.ts";

export const FLOW_PARSERS = {
  service: parseAsString,
  topic: parseAsString,
  group: parseAsString,
  type: parseAsString,
  cluster: parseAsString,
  errors: parseAsStringLiteral(["only"]),
  focus: parseAsString,
  hops: parseAsInteger.withDefault(2),
  sel: parseAsString,
  limit: parseAsInteger,
  view: parseAsStringLiteral(["list"]),
  q: parseAsString.withDefault(""),
  kind: parseAsStringLiteral(FLOW_NODE_KINDS),
  cursor: parseAsString,
  causes: parseAsBoolean.withDefault(false),
};

export interface FlowState {
  readonly service: string | null;
  readonly topic: string | null;
  readonly group: string | null;
  readonly type: string | null;
  readonly cluster: string | null;
  readonly errors: "only" | null;
  readonly focus: string | null;
  readonly hops: number;
  /** the selected node's or edge's id */
  readonly sel: string | null;
  readonly causes: boolean;
  /** how many nodes the graph may have; null: as many as are readable */
  readonly limit: number | null;
  /** the nodes as a list, with what it is searched for */
  readonly view: "list" | null;
  readonly q: string;
  readonly kind: (typeof FLOW_NODE_KINDS)[number] | null;
  readonly cursor: string | null;
}
export const NO_FILTER = {
  service: null,
  topic: null,
  group: null,
  type: null,
  cluster: null,
  errors: null,
  focus: null,
  hops: null,
} as const;

/** The filters for the API. Values from the address are cut to the limits of the API. */
export function filterOf(state: FlowState): FlowFilter {
  const text = (name: "service" | "topic" | "group" | "type" | "cluster" | "focus", most: number) => {
    const value = state[name];
    return value ? { [name]: value.slice(0, most) } : {};
  };
  return {
    ...text("service", 200),
    ...text("topic", 249),
    ...text("group", 255),
    ...text("type", 200),
    ...text("cluster", 100),
    ...text("focus", 400),
    ...(state.limit !== null && { limit: Math.min(MOST_SHOWN, Math.max(1, state.limit)) }),
    ...(state.errors && { errors: state.errors }),
    ...(state.focus && { hops: Math.min(6, Math.max(1, state.hops)) }),
  };
}

export const isFiltered = (state: FlowState): boolean => Object.keys(filterOf({ ...state, limit: null })).length > 0;

/** The whole query: the filters and the time. */
export const questionOf = (filter: FlowFilter, at: Date | null): FlowFilter & { readonly at?: string } =>
  at ? { ...filter, at: at.toISOString() } : filter;

const NODES_PER_PAGE = 100;

/** The same of the list of nodes, which is not cut to what can be drawn. */
export function nodesQuestion(state: FlowState, at: Date | null) {
  const { focus: _focus, hops: _hops, limit: _limit, ...filter } = questionOf(filterOf(state), at);
  return { ...filter, q: state.q, kind: state.kind, cursor: state.cursor, limit: NODES_PER_PAGE };
}

/** What an address asks for. */
export const flowAddress = createLoader({ ...FLOW_PARSERS, at: TIME_PARSERS.at });
