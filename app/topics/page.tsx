import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { FirstAnswers } from "#components/page/first-answers.tsx";
import { TopicsList } from "#components/topics/topics-list.tsx";
import { topicsQuery } from "#components/topics/topics-query.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { TopicsView } from "#lib/contracts/topics.ts";
import { firstAnswer } from "#lib/web/first-answer.ts";

export const metadata: Metadata = { title: "Topics" };

export default async function TopicsPage({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  const question = topicsQuery(await searchParams);
  const topics = await firstAnswer("GET /api/topics", api.topics(question), TopicsView);
  return (
    <FirstAnswers answers={[[keys.topics.list(question), topics]]}>
      <TopicsList />
    </FirstAnswers>
  );
}
