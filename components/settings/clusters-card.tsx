import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Tag, type Tone } from "#components/ui/tag.tsx";
import type { ClusterStatus } from "#lib/contracts/common.ts";

const CLUSTER_TONE: Readonly<Record<ClusterStatus["state"], Tone>> = {
  connected: "ok",
  connecting: "accent",
  unreachable: "bad",
};
const COMMIT_SOURCE = {
  tapped: "read from the commit log as they happen",
  polled: "polled; Flowtap may not read the commit log",
  unknown: "not known yet",
} as const;

/** The configured clusters: whether each is connected, and where its commits come from. */
export const ClustersCard = ({ clusters }: { readonly clusters: readonly ClusterStatus[] }) => (
  <Card>
    <CardHeader title="Clusters">from the configuration</CardHeader>
    {clusters.length === 0 ? (
      <EmptyState title="No clusters configured">
        Set <code className="font-mono text-xs">KAFKA_BROKERS=host:9092</code> or add a cluster to the configuration
        file, then restart.
      </EmptyState>
    ) : (
      <ul>
        {clusters.map((cluster) => (
          <li key={cluster.name} className="border-t px-3.5 py-2.5">
            <p className="flex flex-wrap items-center gap-2">
              <BrokerText text={cluster.name} className="font-medium" maxLength={60} />
              <span className="text-mut">{cluster.system}</span>
              <Tag tone={CLUSTER_TONE[cluster.state]}>{cluster.state.toUpperCase()}</Tag>
              <span className="text-dim">
                for <RelativeTime at={cluster.since} suffix="" />
              </span>
            </p>
            {cluster.reason !== null && (
              <p className="mt-1 break-words text-bad">
                <BrokerText text={cluster.reason} maxLength={400} />
              </p>
            )}
            <p className="mt-1 text-mut">Commits: {COMMIT_SOURCE[cluster.commitSource]}.</p>
          </li>
        ))}
      </ul>
    )}
  </Card>
);
