import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { toast } from "#components/ui/toast.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import {
  AlertsView,
  DeliveryRow,
  SilenceRow,
  TestAnswer,
  type AlertsQuery,
  type SilenceInput,
} from "#lib/contracts/alerts.ts";

const REFRESH_MS = 10_000;

/** All rules, channels, alerts and silences, or those of one group. */
export const useAlerts = (query: AlertsQuery = {}) =>
  useQuery({
    queryKey: keys.alerts.all(query),
    queryFn: ({ signal }) => fetchJson(api.alerts(query), AlertsView, { signal }),
    refetchInterval: REFRESH_MS,
  });

function useChange<I, O>(change: (input: I) => Promise<O>, failed: string, done: (output: O, input: I) => string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (output, input) => {
      toast.done(done(output, input));
      return client.invalidateQueries({ queryKey: ["alerts"] });
    },
    onError: (error) => toast.failed(failed, error),
  });
}

export const useSilence = () =>
  useChange(
    (input: SilenceInput) => fetchJson(api.alertSilences(), SilenceRow, { method: "POST", body: input }),
    "The silence could not be created",
    () => "Silenced. No messages are sent until then.",
  );
export const useEndSilence = () =>
  useChange(
    async (id: number) => deleted(api.alertSilence(id)),
    "The silence could not be ended",
    () => "Silence ended. Firing alerts are sent again.",
  );
export const useTestChannel = () =>
  useChange(
    (name: string) => fetchJson(api.alertChannelTest(name), TestAnswer, { method: "POST", body: {} }),
    "The test could not be sent",
    (_answer, name) => `Test message to ${name} queued. The message log shows its outcome.`,
  );
export const useRetryDelivery = () =>
  useChange(
    (id: string) => fetchJson(api.alertDeliveryRetry(id), DeliveryRow, { method: "POST", body: {} }),
    "The message could not be retried",
    () => "Retrying now.",
  );

/** An answer without a body. */
const deleted = (url: string): Promise<unknown> => fetchJson(url, z.undefined(), { method: "DELETE" });
