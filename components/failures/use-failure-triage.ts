import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useSession } from "#components/shell/use-session.ts";
import { toast } from "#components/ui/toast.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { api } from "#lib/client/routes.ts";
import {
  FailureCareAnswer,
  type FailureMergeInput,
  type FailureNoteInput,
  type FailureSnoozeInput,
} from "#lib/contracts/failures.ts";
import { DEEDS, type Deed } from "./triage-words.ts";

/** Why this person may not decide about failures; null: they may. */
export function useCareRefusal(): string | null {
  const session = useSession();
  if (session === undefined) return "Who you are is not known yet.";
  return session.role === "operator"
    ? null
    : `You are signed in as ${session.name}, a viewer. This needs the operator’s token.`;
}

interface CareChange extends Partial<Omit<FailureSnoozeInput & FailureMergeInput, "reason">> {
  readonly deed: Deed;
  readonly fingerprint: string;
  readonly reason: string;
}

export function useFailureCare() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ deed, fingerprint, ...input }: CareChange) =>
      fetchJson(api.failureCare(fingerprint, deed), FailureCareAnswer, { method: "POST", body: input }),
    onSuccess: (_answer, { deed }) => {
      toast.done(DEEDS[deed].done);
      return client.invalidateQueries({ queryKey: ["failures"] });
    },
  });
}

export function useFailureNote(fingerprint: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: FailureNoteInput) =>
      fetchJson(api.failureCare(fingerprint, "notes"), FailureCareAnswer, { method: "POST", body: input }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["failures"] }),
    onError: (error) => toast.failed("The note could not be kept", error),
  });
}
