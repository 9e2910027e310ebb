"use client";
import { Loaded } from "#components/page/loaded.tsx";
import { Page } from "#components/shell/page.tsx";
import { count } from "#components/ui/format.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { AlertsView } from "#lib/contracts/alerts.ts";
import { AlertsEmpty } from "./alerts-empty.tsx";
import { ChannelsCard } from "./channels-card.tsx";
import { DeliveryLog } from "./delivery-log.tsx";
import { FiringList } from "./firing-list.tsx";
import { PastAlerts } from "./past-alerts.tsx";
import { RulesCard } from "./rules-card.tsx";
import { SilencesCard } from "./silences-card.tsx";
import { useAlerts } from "./use-alerts.ts";

export function AlertsPage() {
  const query = useAlerts();
  return (
    <Page title="Alerts" tags={query.data && <Counts counts={query.data.counts} />}>
      <Loaded
        query={query}
        what="The alerts"
        skeleton={
          <div className="grid gap-3 xl:grid-cols-[1.7fr_1fr]">
            <Skeleton className="h-80" />
            <Skeleton className="h-80" />
          </div>
        }
      >
        {(view) =>
          view.rules.length === 0 &&
          view.channels.length === 0 &&
          view.recent.length === 0 &&
          view.firing.length === 0 ? (
            <AlertsEmpty />
          ) : (
            <div className="grid items-start gap-3 xl:grid-cols-[1.7fr_1fr]">
              <div className="flex min-w-0 flex-col gap-3">
                <FiringList view={view} />
                <DeliveryLog channels={view.channels.map(({ name }) => name)} />
                <PastAlerts alerts={view.recent} />
              </div>
              <div className="flex min-w-0 flex-col gap-3">
                <SilencesCard silences={view.silences} />
                <ChannelsCard channels={view.channels} />
                <RulesCard view={view} />
              </div>
            </div>
          )
        }
      </Loaded>
    </Page>
  );
}

const Counts = ({ counts }: { readonly counts: AlertsView["counts"] }) => (
  <>
    {counts.firing > 0 && <Tag tone="bad">{count(counts.firing)} FIRING</Tag>}
    {counts.pending > 0 && <Tag>{count(counts.pending)} PENDING</Tag>}
    {counts.silenced > 0 && <Tag>{count(counts.silenced)} SILENCED</Tag>}
  </>
);
