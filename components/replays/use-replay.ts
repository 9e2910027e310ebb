import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "#components/ui/toast.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import type { ReplayChoiceInput } from "#lib/contracts/replay-draft.ts";
import type { ReplayPlanInput, ReplayRunInput } from "#lib/contracts/replay-input.ts";
import { ReplayView } from "#lib/contracts/replays.ts";
import { isOver } from "./replay-words.ts";

const WATCH_MS = 1000;
/** How often outcomes are fetched once all is sent: consumers may take their time, or never consume it. */
const OUTCOMES_MS = 5000;

/** Makes a draft. Nothing is sent by it. */
export const usePlanReplay = () =>
  useMutation({
    mutationFn: (plan: ReplayPlanInput) => fetchJson(api.replays(), ReplayView, { method: "POST", body: plan }),
  });

export function useRunReplay() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...input }: ReplayRunInput & { id: number }) =>
      fetchJson(api.replayRun(id), ReplayView, { method: "POST", body: input }),
    // Also of a draft that somebody else has changed: then the page shows what it is now.
    onSettled: () => client.invalidateQueries({ queryKey: ["replays"] }),
  });
}

export function useCancelReplay() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => fetchJson(api.replayCancel(id), ReplayView, { method: "POST", body: {} }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["replays"] }),
    onError: (error) => toast.failed("The replay could not be stopped", error),
  });
}

/** Leaves items of a draft out, or takes them back in. */
export function useChooseItems(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (choice: ReplayChoiceInput) =>
      fetchJson(api.replayChoose(id), ReplayView, { method: "POST", body: choice }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["replays"] }),
    onError: (error) => toast.failed("The plan was not changed", error),
  });
}

/** Stops sending until it is resumed, or lets it go on. */
export function usePauseReplay() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, pause }: { readonly id: number; readonly pause: boolean }) =>
      fetchJson(pause ? api.replayPause(id) : api.replayResume(id), ReplayView, { method: "POST", body: {} }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["replays"] }),
    onError: (error, { pause }) =>
      toast.failed(pause ? "The replay could not be paused" : "The replay could not go on", error),
  });
}

/** Makes the draft of a reset to where the group stood before. */
export const useUndoReplay = () =>
  useMutation({
    mutationFn: (id: number) => fetchJson(api.replayUndo(id), ReplayView, { method: "POST" }),
    onError: (error) => toast.failed("The way back could not be planned", error),
  });

/** One replay, polled while it runs: the live stream may lag behind, a progress bar must not. */
export const useReplay = (id: number, page: { readonly limit: number; readonly cursor?: string }) =>
  useQuery({
    queryKey: keys.replays.one(id, page),
    queryFn: ({ signal }) => fetchJson(api.replay(id, page), ReplayView, { signal }),
    refetchInterval: ({ state }) => {
      if (state.data === undefined) return false;
      const { row, outcomes } = state.data;
      if (row.status === "queued" || row.status === "running") return WATCH_MS;
      return (isOver(row.status) || row.status === "paused") && outcomes.waiting > 0 ? OUTCOMES_MS : false;
    },
  });
