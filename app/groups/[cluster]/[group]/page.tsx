import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { groupQuestion } from "#components/groups/groups-query.ts";
import { GroupPage } from "#components/groups/group-page.tsx";
import { FirstAnswers } from "#components/page/first-answers.tsx";
import { fromUrlSegment } from "#lib/domain/text/url-segment.ts";
import { timeQuery } from "#components/time/time-query.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { GroupView } from "#lib/contracts/groups.ts";
import { firstAnswer } from "#lib/web/first-answer.ts";

interface Props {
  readonly params: Promise<{ cluster: string; group: string }>;
  readonly searchParams: Promise<SearchParams>;
}
export const generateMetadata = async ({ params }: Props): Promise<Metadata> => ({
  title: `${fromUrlSegment((await params).group)} · Groups`,
});

export default async function ConsumerGroupPage({ params, searchParams }: Props) {
  const path = await params;
  const cluster = fromUrlSegment(path.cluster);
  const group = fromUrlSegment(path.group);
  const question = groupQuestion(timeQuery(await searchParams));
  const view = await firstAnswer("GET /api/groups/{cluster}/{group}", api.group(cluster, group, question), GroupView);
  return (
    <FirstAnswers answers={[[keys.groups.one(cluster, group, question), view]]}>
      <GroupPage cluster={cluster} group={group} />
    </FirstAnswers>
  );
}
