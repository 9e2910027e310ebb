import type { Metadata } from "next";
import { AlertsPage } from "#components/alerts/alerts-page.tsx";
import { FirstAnswers } from "#components/page/first-answers.tsx";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { AlertsView } from "#lib/contracts/alerts.ts";
import { firstAnswer } from "#lib/web/first-answer.ts";

export const metadata: Metadata = { title: "Alerts" };

export default async function OwnAlertsPage() {
  const alerts = await firstAnswer("GET /api/alerts", api.alerts(), AlertsView);
  return (
    <FirstAnswers answers={[[keys.alerts.all({}), alerts]]}>
      <AlertsPage />
    </FirstAnswers>
  );
}
