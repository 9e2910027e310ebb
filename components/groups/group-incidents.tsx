import { FileText, ShieldCheck } from "lucide-react";
import Link from "next/link";
import { IncidentsTable } from "#components/incidents/incidents-table.tsx";
import { Timeline } from "#components/incidents/timeline.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { pages } from "#lib/client/routes.ts";
import type { GroupView } from "#lib/contracts/groups.ts";

/** The one that is open, or was last, step by step; those before it as rows. */
export function GroupIncidents({ view }: { readonly view: GroupView }) {
  const [latest, ...before] = view.incidents;
  return (
    <Card>
      <CardHeader title="Incidents">
        {latest !== undefined && (
          <>
            <Link className="hover:text-text hover:underline" href={pages.incidents({ group: view.row.group })}>
              All
            </Link>
            <Button asChild size="sm">
              <Link href={pages.incident(latest.id)}>
                <FileText /> Report
              </Link>
            </Button>
          </>
        )}
      </CardHeader>
      {latest === undefined ? (
        <EmptyState icon={ShieldCheck} title="None yet">
          When this group stops, falls behind or loses events, what was found is listed here step by step.
        </EmptyState>
      ) : (
        <>
          <CardBody>
            <Timeline incident={latest} />
          </CardBody>
          {before.length > 0 && (
            <div className="border-t">
              <IncidentsTable brief rows={before} />
            </div>
          )}
        </>
      )}
    </Card>
  );
}
