import { useSession } from "#components/shell/use-session.ts";

/** Why this person may not change things, in words for beside the disabled button; null: they may. */
export function useWriteRefusal(): string | null {
  const session = useSession();
  if (session === undefined) return "Who you are is not known yet.";
  return session.role === "operator"
    ? null
    : `You are signed in as ${session.name}, a viewer. Replays need the operator’s token.`;
}
