"use client";
import { useQuery } from "@tanstack/react-query";
import { Logs } from "lucide-react";
import Link from "next/link";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { Sparkline } from "#components/charts/sparkline.tsx";
import { Names } from "#components/page/names.tsx";
import { FilterInput } from "#components/page/filter-input.tsx";
import { Loaded } from "#components/page/loaded.tsx";
import { Pager } from "#components/page/pager.tsx";
import { FilterBar } from "#components/page/parts.tsx";
import { useListKeys } from "#components/page/use-list-keys.ts";
import { usePageState } from "#components/shell/nav.tsx";
import { Page } from "#components/shell/page.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { bytes, compact, count, durationMs, rate } from "#components/ui/format.ts";
import { Select } from "#components/ui/select.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api, pages } from "#lib/client/routes.ts";
import { TopicsView, type TopicRow } from "#lib/contracts/topics.ts";
import { RoleTag, retention } from "./topic-words.tsx";

const ROLES = ["event", "retry", "dead_letter", "internal"] as const;
const ROLE_LABEL = { event: "Events", retry: "Retry", dead_letter: "Dead letters", internal: "Internal" } as const;
const SORTS = ["rate", "name", "size"] as const;
const SORT_LABEL = { rate: "Busiest first", name: "By name", size: "Largest first" } as const;
const REFRESH_MS = 5000;

export function TopicsList() {
  const [filter, setFilter] = useQueryStates({
    q: parseAsString.withDefault(""),
    role: parseAsStringLiteral(ROLES),
    sort: parseAsStringLiteral(SORTS).withDefault("rate"),
    cursor: parseAsString,
  });
  const query = useQuery({
    queryKey: keys.topics.list(filter),
    queryFn: ({ signal }) => fetchJson(api.topics(filter), TopicsView, { signal }),
    refetchInterval: REFRESH_MS,
  });
  const narrow = (change: Partial<typeof filter>) => void setFilter({ ...change, cursor: null });
  const filtered = filter.q !== "" || filter.role !== null;
  return (
    <Page title="Topics">
      <FilterBar>
        <FilterInput
          main
          className="w-full sm:w-64"
          aria-label="Filter by topic name"
          placeholder="Filter topics…"
          value={filter.q}
          onSettle={(q) => narrow({ q })}
        />
        <Select
          aria-label="Role"
          value={filter.role ?? "any"}
          onValueChange={(role) => narrow({ role: role === "any" ? null : role })}
          options={[
            { value: "any" as const, label: "All roles" },
            ...ROLES.map((role) => ({ value: role, label: ROLE_LABEL[role] })),
          ]}
        />
        <Select
          aria-label="Order"
          value={filter.sort}
          onValueChange={(sort) => narrow({ sort })}
          options={SORTS.map((sort) => ({ value: sort, label: SORT_LABEL[sort] }))}
        />
      </FilterBar>
      <Loaded query={query} what="The topics">
        {(view) => (
          <Card>
            {view.items.length === 0 ? (
              <EmptyState icon={Logs} title={filtered ? "No topic matches the filters" : "No topics yet"}>
                {filtered ? (
                  "Change or clear the filters."
                ) : (
                  <>
                    Topics appear within ten seconds of their creation. If one is missing, check the include and exclude
                    patterns in the configuration; see{" "}
                    <Link className="text-acc underline underline-offset-2" href={pages.settings()}>
                      Settings
                    </Link>
                    .
                  </>
                )}
              </EmptyState>
            ) : (
              <>
                <TopicsTable rows={view.items} />
                <Pager
                  noun="topics"
                  shown={view.items.length}
                  total={view.total}
                  next={view.next}
                  cursor={filter.cursor}
                  onCursor={(cursor) => void setFilter({ cursor }, { history: "push" })}
                />
              </>
            )}
          </Card>
        )}
      </Loaded>
    </Page>
  );
}

function TopicsTable({ rows }: { readonly rows: readonly TopicRow[] }) {
  const list = useListKeys<HTMLTableSectionElement>();
  const pageState = usePageState();
  return (
    <Table>
      <TableHeader>
        <tr>
          <TableHead>Topic</TableHead>
          <TableHead numeric>Events/s</TableHead>
          <TableHead numeric className="hidden sm:table-cell">
            Bytes/s
          </TableHead>
          <TableHead className="hidden md:table-cell">In, 30 min</TableHead>
          <TableHead className="hidden md:table-cell">Producers</TableHead>
          <TableHead className="hidden lg:table-cell">Groups</TableHead>
          <TableHead numeric className="hidden sm:table-cell">
            Partitions
          </TableHead>
          <TableHead numeric>Messages</TableHead>
          <TableHead numeric className="hidden lg:table-cell">
            Retention
          </TableHead>
          <TableHead numeric className="hidden md:table-cell">
            Tap lag
          </TableHead>
        </tr>
      </TableHeader>
      <TableBody ref={list}>
        {rows.map((row) => (
          <TableRow key={`${row.cluster}/${row.topic}`} className="relative focus-within:bg-raise">
            <TableCell className="max-w-72">
              <span className="flex items-center gap-2">
                <Link
                  data-row-link
                  href={pages.topic(row.cluster, row.topic, pageState)}
                  className="truncate font-medium after:absolute after:inset-0 hover:underline"
                >
                  <BrokerText text={row.topic} maxLength={60} />
                </Link>
                <RoleTag role={row.role} />
                {!row.tapped && <Tag>NOT TAPPED</Tag>}
              </span>
            </TableCell>
            <TableCell numeric className="font-medium">
              {rate(row.inRate)}
            </TableCell>
            <TableCell numeric className="hidden text-mut sm:table-cell">
              {bytes(row.bytesPerSecond)}
            </TableCell>
            <TableCell className="hidden md:table-cell">
              <Sparkline values={row.spark} label={`Events of ${row.topic} over the last 30 minutes`} />
            </TableCell>
            <TableCell className="hidden text-mut md:table-cell">
              <Names names={row.producers} none="unknown" />
            </TableCell>
            <TableCell className="hidden text-mut lg:table-cell">
              <Names names={row.groups} all={row.groupCount} none="none" />
            </TableCell>
            <TableCell numeric className="hidden text-mut sm:table-cell">
              {count(row.partitions)}
            </TableCell>
            <TableCell numeric title={count(row.messages)}>
              {compact(row.messages)}
            </TableCell>
            <TableCell numeric className="hidden text-mut lg:table-cell">
              {retention(row, durationMs)}
            </TableCell>
            <TableCell numeric className="hidden text-mut md:table-cell">
              {row.tapped ? count(row.tapBehind) : "–"}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
