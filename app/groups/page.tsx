import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { groupsQuery } from "#components/groups/groups-query.ts";
import { GroupsList } from "#components/groups/groups-list.tsx";
import { FirstAnswers } from "#components/page/first-answers.tsx";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { GroupsView } from "#lib/contracts/groups.ts";
import { firstAnswer } from "#lib/web/first-answer.ts";

export const metadata: Metadata = { title: "Groups" };

export default async function GroupsPage({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  const question = groupsQuery(await searchParams);
  const groups = await firstAnswer("GET /api/groups", api.groups(question), GroupsView);
  return (
    <FirstAnswers answers={[[keys.groups.list(question), groups]]}>
      <GroupsList />
    </FirstAnswers>
  );
}
