import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "#components/ui/toast.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { api } from "#lib/client/routes.ts";
import {
  FailureTriageAnswer,
  type FailureMergeInput,
  type FailureNoteInput,
  type FailureSnoozeInput,
} from "#lib/contracts/failure-triage.ts";
import { TRIAGE_ACTIONS, type TriageAction } from "./triage-words.ts";

interface TriageChange extends Partial<Omit<FailureSnoozeInput & FailureMergeInput, "reason">> {
  readonly action: TriageAction;
  readonly fingerprint: string;
  readonly reason: string;
}

export function useFailureTriage() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ action, fingerprint, ...input }: TriageChange) =>
      fetchJson(api.failureTriage(fingerprint, action), FailureTriageAnswer, { method: "POST", body: input }),
    onSuccess: (_answer, { action }) => {
      toast.done(TRIAGE_ACTIONS[action].done);
      return client.invalidateQueries({ queryKey: ["failures"] });
    },
  });
}

export function useFailureNote(fingerprint: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: FailureNoteInput) =>
      fetchJson(api.failureTriage(fingerprint, "notes"), FailureTriageAnswer, { method: "POST", body: input }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["failures"] }),
    onError: (error) => toast.failed("The note could not be saved", error),
  });
}
