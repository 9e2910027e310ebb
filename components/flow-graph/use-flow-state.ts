"use client";
import { useQueryStates } from "nuqs";
import { FLOW_PARSERS, type FlowState } from "./flow-question.ts";

/** The state of the Flow page is in its address, so that links show the same view. */
export function useFlowState(): readonly [
  FlowState,
  (change: { readonly [K in keyof FlowState]?: FlowState[K] | null }) => void,
] {
  const [state, set] = useQueryStates(FLOW_PARSERS, { history: "replace" });
  return [{ ...state, hops: Math.min(6, Math.max(1, state.hops)) }, (change) => void set(change)];
}
