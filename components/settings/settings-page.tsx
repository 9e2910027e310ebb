"use client";
import { useQuery } from "@tanstack/react-query";
import { Radio } from "lucide-react";
import { Loaded } from "#components/page/loaded.tsx";
import { Fact } from "#components/page/parts.tsx";
import { Page } from "#components/shell/page.tsx";
import { useSession } from "#components/shell/use-session.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { count, plural } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { Tag, type Tone } from "#components/ui/tag.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import type { ClusterStatus } from "#lib/contracts/common.ts";
import { StatusView } from "#lib/contracts/health.ts";

const REFRESH_MS = 5000;
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
              <Clusters clusters={status.clusters} />
              <Taps taps={status.taps} />
            </div>
            <div className="flex min-w-0 flex-col gap-3">
              <Access />
              <About status={status} />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

const Clusters = ({ clusters }: { readonly clusters: readonly ClusterStatus[] }) => (
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

const Taps = ({ taps }: { readonly taps: StatusView["taps"] }) => (
  <Card>
    <CardHeader title="Taps">{plural(taps.filter((tap) => tap.alive).length, "tap")} running</CardHeader>
    {taps.length === 0 ? (
      <EmptyState icon={Radio} title="No tap has started yet">
        Start one beside this web process: <code className="font-mono text-xs">npm run tap</code>. Several taps share
        the work automatically.
      </EmptyState>
    ) : (
      <Table>
        <TableHeader>
          <tr>
            <TableHead>Tap</TableHead>
            <TableHead>State</TableHead>
            <TableHead numeric>Received</TableHead>
            <TableHead numeric>Stored</TableHead>
            <TableHead numeric>Duplicates</TableHead>
            <TableHead numeric>Quarantined</TableHead>
            <TableHead numeric>Behind</TableHead>
            <TableHead numeric>Uptime</TableHead>
          </tr>
        </TableHeader>
        <TableBody>
          {taps.slice(0, 100).map((tap) => (
            <TableRow key={tap.id}>
              <TableCell>
                <BrokerText text={tap.host} className="font-medium" maxLength={40} />{" "}
                <span className="text-dim">pid {tap.pid}</span>
              </TableCell>
              <TableCell>
                {tap.alive ? (
                  <Tag tone="ok">RUNNING</Tag>
                ) : (
                  <span className="flex items-center gap-2">
                    <Tag>STOPPED</Tag>
                    <span className="text-dim">
                      last heartbeat <RelativeTime at={tap.heartbeatAt} />
                    </span>
                  </span>
                )}
              </TableCell>
              <TableCell numeric>{count(tap.counters.received)}</TableCell>
              <TableCell numeric>{count(tap.counters.stored)}</TableCell>
              <TableCell numeric className="text-mut">
                {count(tap.counters.duplicates)}
              </TableCell>
              <TableCell numeric className={(tap.counters.quarantined ?? 0) > 0 ? "text-warn" : "text-mut"}>
                {count(tap.counters.quarantined)}
              </TableCell>
              <TableCell numeric>{count(tap.counters.behind)}</TableCell>
              <TableCell numeric className="text-mut">
                <RelativeTime at={tap.startedAt} suffix="" />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    )}
  </Card>
);

function Access() {
  const session = useSession();
  return (
    <Card>
      <CardHeader title="Access" />
      <CardBody>
        {session === undefined ? (
          <p className="text-dim">Loading…</p>
        ) : (
          <>
            <dl>
              <Fact name="User">
                <BrokerText text={session.name} maxLength={60} />
              </Fact>
              <Fact name="Role">
                <Tag tone={session.role === "operator" ? "accent" : "neutral"}>{session.role.toUpperCase()}</Tag>
              </Fact>
              <Fact name="Permissions">
                {session.role === "operator"
                  ? "view everything, make changes and run replays"
                  : "view everything; changes and replays need the operator role"}
              </Fact>
            </dl>
            <p className="mt-2 text-mut">
              {session.demo
                ? "Demo mode: every user is an operator."
                : "Tokens are set in the configuration. Actions of operators are recorded in the audit log."}
            </p>
          </>
        )}
      </CardBody>
    </Card>
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
          <a className="text-acc underline underline-offset-2" href={api.openapi()}>
            openapi.json
          </a>
        </Fact>
        <Fact name="Metrics">
          <a className="text-acc underline underline-offset-2" href="/metrics">
            /metrics
          </a>
        </Fact>
      </dl>
    </CardBody>
  </Card>
);
