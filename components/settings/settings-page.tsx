"use client";
import { useQuery } from "@tanstack/react-query";
import { Loaded } from "#components/page/loaded.tsx";
import { Fact } from "#components/page/parts.tsx";
import { Page } from "#components/shell/page.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { onSite } from "#lib/client/base-path.ts";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { StatusView } from "#lib/contracts/health.ts";
import { ClustersCard } from "./clusters-card.tsx";
import { PublishersCard } from "./publishers-card.tsx";
import { TapsCard } from "./taps-card.tsx";
import { AccessCard } from "./access-card.tsx";

const REFRESH_MS = 5000;

export function SettingsPage() {
  const query = useQuery({
    queryKey: keys.status(),
    queryFn: ({ signal }) => fetchJson(api.status(), StatusView, { signal }),
    refetchInterval: REFRESH_MS,
  });
  return (
    <Page title="Settings">
      <Loaded query={query} what="The status">
        {(status) => (
          <div className="grid items-start gap-3 xl:grid-cols-[1.7fr_1fr]">
            <div className="flex min-w-0 flex-col gap-3">
              <ClustersCard clusters={status.clusters} />
              <TapsCard taps={status.taps} />
              <PublishersCard />
            </div>
            <div className="flex min-w-0 flex-col gap-3">
              <AccessCard />
              <About status={status} />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

const About = ({ status }: { readonly status: StatusView }) => (
  <Card>
    <CardHeader title="About" />
    <CardBody>
      <dl>
        <Fact name="Version">{status.version}</Fact>
        <Fact name="Oldest data">
          {status.keptFrom === null ? "no data yet" : <RelativeTime at={status.keptFrom} />}
        </Fact>
        <Fact name="API">
          <a className="text-acc underline underline-offset-2" href={onSite(api.openapi())}>
            openapi.json
          </a>
        </Fact>
        <Fact name="Metrics">
          <a className="text-acc underline underline-offset-2" href={onSite(api.metrics())}>
            /metrics
          </a>
        </Fact>
      </dl>
    </CardBody>
  </Card>
);
