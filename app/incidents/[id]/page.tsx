import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { IncidentPage } from "#components/incidents/incident-page.tsx";
import { FirstAnswers } from "#components/page/first-answers.tsx";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { IncidentView } from "#lib/contracts/incidents.ts";
import { firstAnswer } from "#lib/web/first-answer.ts";

interface Props {
  readonly params: Promise<{ id: string }>;
}
export const generateMetadata = async ({ params }: Props): Promise<Metadata> => ({
  title: `Incident ${(await params).id}`,
});

export default async function OneIncidentPage({ params }: Props) {
  const { id } = await params;
  if (!/^[1-9]\d{0,8}$/.test(id)) notFound();
  const incident = await firstAnswer("GET /api/incidents/{id}", api.incident(id), IncidentView);
  return (
    <FirstAnswers answers={[[keys.groups.incident(id), incident]]}>
      <IncidentPage id={Number(id)} />
    </FirstAnswers>
  );
}
