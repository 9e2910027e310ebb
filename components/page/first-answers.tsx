import { HydrationBoundary, QueryClient, dehydrate, type QueryKey } from "@tanstack/react-query";
import type { ReactNode } from "react";

interface FirstAnswersProps {
  /** null: none came in time, so the browser asks itself */
  readonly answers: readonly (readonly [key: QueryKey, data: unknown])[];
  readonly children: ReactNode;
}
/** Answers that came with the page, put where the page's own questions look for them. */
export function FirstAnswers({ answers, children }: FirstAnswersProps) {
  const client = new QueryClient();
  for (const [key, data] of answers) if (data !== null) client.setQueryData(key, data);
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}
