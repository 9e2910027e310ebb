import type { SearchParams } from "nuqs/server";
import { firstLayoutOf } from "#components/flow-graph/layout/first-layout.ts";
import { FlowPage } from "#components/flow-graph/flow-page.tsx";
import { flowQuestion } from "#components/flow-graph/flow-question.ts";
import { FirstAnswers } from "#components/page/first-answers.tsx";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { FlowGraphView } from "#lib/contracts/flow.ts";
import { firstAnswer, firstLayout, layoutInTime } from "#lib/web/first-answer.ts";

export default async function HomePage({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  const question = flowQuestion(await searchParams);
  const graph = await firstAnswer("GET /api/flow", api.flow(question), FlowGraphView);
  const layout = graph && (await firstLayoutOf(graph, firstLayout, layoutInTime));
  return (
    <FirstAnswers answers={[[keys.flow.graph(question), graph]]}>
      <FlowPage firstLayout={layout} />
    </FirstAnswers>
  );
}
