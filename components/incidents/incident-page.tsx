"use client";
import { useQuery } from "@tanstack/react-query";
import { Copy, Download, Printer } from "lucide-react";
import { Loaded } from "#components/page/loaded.tsx";
import { Page } from "#components/shell/page.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton, copyText } from "#components/ui/copy-button.tsx";
import { VerdictTag } from "#components/ui/state-tag.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { toast } from "#components/ui/toast.tsx";
import { fullUrl, onSite } from "#lib/client/base-path.ts";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api, pages } from "#lib/client/routes.ts";
import { IncidentView } from "#lib/contracts/incidents.ts";
import { CAUSE_TITLES } from "#lib/domain/health/cause.ts";
import { IncidentReport } from "./incident-report.tsx";

const REFRESH_MS = 10_000;

export function IncidentPage({ id }: { readonly id: number }) {
  const query = useQuery({
    queryKey: keys.groups.incident(id),
    queryFn: ({ signal }) => fetchJson(api.incident(id), IncidentView, { signal }),
    refetchInterval: ({ state }) => (state.data?.incident.closedAt === null ? REFRESH_MS : false),
  });
  const incident = query.data?.incident;
  return (
    <Page
      className="mx-auto w-full max-w-[1100px] print:max-w-none print:p-0"
      title={
        incident === undefined ? (
          `Incident ${id}`
        ) : (
          <>
            <BrokerText text={incident.group} maxLength={60} />
            {incident.cause !== null && `: ${CAUSE_TITLES[incident.cause].toLowerCase()}`}
          </>
        )
      }
      tags={
        incident && (
          <>
            <VerdictTag verdict={incident.verdict} />
            {incident.closedAt === null ? <Tag tone="bad">OPEN</Tag> : <Tag>OVER</Tag>}
          </>
        )
      }
      actions={
        <span className="flex flex-wrap gap-2 print:hidden">
          <Button onClick={() => void copyReport(id)}>
            <Copy /> Copy Markdown
          </Button>
          <Button asChild>
            <a href={onSite(api.incidentReport(id))} download={`incident-${id}.md`}>
              <Download /> Download
            </a>
          </Button>
          <CopyButton label="Copy link" value={() => fullUrl(pages.incident(id))} />
          <Button onClick={() => globalThis.print()}>
            <Printer /> Print
          </Button>
        </span>
      }
    >
      <Loaded query={query} what="The incident">
        {(view) => <IncidentReport view={view} />}
      </Loaded>
    </Page>
  );
}

async function copyReport(id: number): Promise<void> {
  try {
    const response = await fetch(onSite(api.incidentReport(id)));
    if (!response.ok) throw new Error(`Flowtap answered with status ${response.status}.`);
    if (!(await copyText(await response.text()))) throw new Error("The browser refused.");
    toast.done("Copied", "The report as Markdown");
  } catch (error) {
    toast.failed("Not copied", error);
  }
}
