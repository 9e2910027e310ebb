import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { incidentsQuery } from "#components/incidents/incidents-query.ts";
import { IncidentsList } from "#components/incidents/incidents-list.tsx";
import { FirstAnswers } from "#components/page/first-answers.tsx";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { IncidentsView } from "#lib/contracts/incidents.ts";
import { firstAnswer } from "#lib/web/first-answer.ts";

export const metadata: Metadata = { title: "Incidents" };

export default async function IncidentsPage({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  const question = incidentsQuery(await searchParams);
  const incidents = await firstAnswer("GET /api/incidents", api.incidents(question), IncidentsView);
  return (
    <FirstAnswers answers={[[keys.groups.incidents(question), incidents]]}>
      <IncidentsList />
    </FirstAnswers>
  );
}
