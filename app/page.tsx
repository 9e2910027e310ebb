import type { SearchParams } from "nuqs/server";
import { Suspense } from "react";
import { firstLayoutOf } from "#components/flow-graph/layout/first-layout.ts";
import { FlowPage } from "#components/flow-graph/flow-page.tsx";
import { filterOf, flowAddress, nodesQuestion, questionOf } from "#components/flow-graph/flow-question.ts";
import { GraphSkeleton } from "#components/flow-graph/graph-skeleton.tsx";
import { FirstAnswers } from "#components/page/first-answers.tsx";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { FlowGraphView, FlowNodesView } from "#lib/contracts/flow.ts";
import { firstAnswer, firstLayout, layoutInTime } from "#lib/web/first-answer.ts";

interface HomePageProps {
  readonly searchParams: Promise<SearchParams>;
}

export default function HomePage({ searchParams }: HomePageProps) {
  return (
    <Suspense fallback={<GraphSkeleton />}>
      <Flow searchParams={searchParams} />
    </Suspense>
  );
}

async function Flow({ searchParams }: HomePageProps) {
  const { at, ...state } = flowAddress(await searchParams);
  if (state.view === "list") {
    const question = nodesQuestion(state, at);
    const nodes = await firstAnswer("GET /api/flow/nodes", api.flowNodes(question), FlowNodesView, STREAMED);
    return (
      <FirstAnswers answers={[[keys.flow.nodes(question), nodes]]}>
        <FlowPage firstLayout={null} />
      </FirstAnswers>
    );
  }
  const question = questionOf(filterOf(state), at);
  const graph = await firstAnswer("GET /api/flow", api.flow(question), FlowGraphView, STREAMED);
  const layout = graph && (await firstLayoutOf(graph, firstLayout, layoutInTime));
  return (
    <FirstAnswers answers={[[keys.flow.graph(question), graph]]}>
      <FlowPage firstLayout={layout} />
    </FirstAnswers>
  );
}

const STREAMED = { isStreamed: true };
