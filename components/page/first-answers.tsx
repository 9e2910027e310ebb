import { HydrationBoundary, QueryClient, dehydrate, type QueryKey } from "@tanstack/react-query";
import type { ReactNode } from "react";

interface FirstAnswersProps {
  /** data is null where the server had no answer in time: the browser then asks */
  readonly answers: readonly (readonly [key: QueryKey, data: unknown])[];
  readonly children: ReactNode;
}
/** Puts the answers that the server rendered with into the browser's query cache. */
export function FirstAnswers({ answers, children }: FirstAnswersProps) {
  const client = new QueryClient();
  for (const [key, data] of answers) if (data !== null) client.setQueryData(key, data);
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}
