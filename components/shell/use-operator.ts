import { useSession } from "./use-session.ts";

/** Why this person may not change anything, to show beside the disabled control; null when they may. */
export function useWriteRefusal(): string | null {
  const session = useSession();
  if (session === undefined) return "Checking your role…";
  return session.role === "operator"
    ? null
    : `You are signed in as ${session.name} (viewer). Changes need the operator role.`;
}
