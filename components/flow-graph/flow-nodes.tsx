"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Workflow } from "lucide-react";
import { FilterInput } from "#components/page/filter-input.tsx";
import { Loaded } from "#components/page/loaded.tsx";
import { Pager } from "#components/page/pager.tsx";
import { useListKeys } from "#components/page/use-list-keys.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Select } from "#components/ui/select.tsx";
import { StateTag, VerdictTag } from "#components/ui/state-tag.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { FlowNodesView, type FlowNode } from "#lib/contracts/flow.ts";
import { groupWords, serviceWords, topicWords } from "./appearance.ts";
import { nodesQuestion, type FlowState } from "./flow-question.ts";

const REFRESH_MS = 5000;
const KINDS = ["service", "topic", "group"] as const;
const KIND_LABEL = { service: "Services", topic: "Topics", group: "Consumer groups" } as const;
const KIND_NOUN = { service: "service", topic: "topic", group: "consumer group" } as const;

interface FlowNodesProps {
  readonly state: FlowState;
  readonly at: Date | null;
  readonly windowSeconds: number;
  readonly onState: (change: { readonly [K in keyof FlowState]?: FlowState[K] | null }) => void;
  /** Shows a node where it stands in the graph. */
  readonly onOpen: (id: string) => void;
}
/** Every node of the graph by name, those in trouble first: also what is too much to be drawn. */
export function FlowNodes({ state, at, windowSeconds, onState, onOpen }: FlowNodesProps) {
  const question = nodesQuestion(state, at);
  const query = useQuery({
    queryKey: keys.flow.nodes(question),
    queryFn: ({ signal }) => fetchJson(api.flowNodes(question), FlowNodesView, { signal }),
    refetchInterval: at === null ? REFRESH_MS : false,
    placeholderData: keepPreviousData,
  });
  const searched = state.q !== "" || state.kind !== null;
  return (
    <section aria-label="Nodes of the graph" className="flex flex-col gap-3 px-3 pb-6 sm:px-4">
      <div className="flex flex-wrap items-center gap-2">
        <FilterInput
          main
          className="w-full sm:w-72"
          aria-label="Search by name"
          placeholder="Search services, topics, groups…"
          value={state.q}
          onSettle={(q) => onState({ q, cursor: null })}
        />
        <Select
          aria-label="Kind"
          value={state.kind ?? "any"}
          onValueChange={(kind) => onState({ kind: kind === "any" ? null : kind, cursor: null })}
          options={[
            { value: "any" as const, label: "All kinds" },
            ...KINDS.map((kind) => ({ value: kind, label: KIND_LABEL[kind] })),
          ]}
        />
      </div>
      <Loaded query={query} what="The nodes">
        {(view) => (
          <Card>
            {view.items.length === 0 ? (
              <EmptyState icon={Workflow} title={searched ? "Nothing has such a name" : "Nothing to list yet"}>
                {searched ? (
                  <Button className="mt-1" onClick={() => onState({ q: null, kind: null, cursor: null })}>
                    Clear the search
                  </Button>
                ) : (
                  "Topics appear within ten seconds, services with their first events. Change the filters or the time."
                )}
              </EmptyState>
            ) : (
              <>
                <NodeRows nodes={view.items} windowSeconds={windowSeconds} onOpen={onOpen} />
                <Pager
                  noun="nodes"
                  shown={view.items.length}
                  total={view.total}
                  next={view.next}
                  cursor={state.cursor}
                  onCursor={(cursor) => onState({ cursor })}
                />
              </>
            )}
          </Card>
        )}
      </Loaded>
    </section>
  );
}

interface NodeRowsProps {
  readonly nodes: readonly FlowNode[];
  readonly windowSeconds: number;
  readonly onOpen: (id: string) => void;
}
function NodeRows({ nodes, windowSeconds, onOpen }: NodeRowsProps) {
  const list = useListKeys<HTMLTableSectionElement>();
  return (
    <Table>
      <TableHeader>
        <tr>
          <TableHead>Name</TableHead>
          <TableHead>Kind</TableHead>
          <TableHead>State</TableHead>
          <TableHead className="hidden sm:table-cell">Now</TableHead>
          <TableHead className="hidden lg:table-cell">Cluster</TableHead>
        </tr>
      </TableHeader>
      <TableBody ref={list}>
        {nodes.map((node) => (
          <TableRow key={node.id} className="relative focus-within:bg-raise">
            <TableCell className="max-w-96">
              <button
                type="button"
                data-row-link
                onClick={() => onOpen(node.id)}
                className="block max-w-full truncate text-left font-medium after:absolute after:inset-0 hover:underline"
              >
                <BrokerText text={node.label} mono={node.kind === "topic"} maxLength={70} />
              </button>
            </TableCell>
            <TableCell className="text-mut">
              {node.kind === "topic" && node.role === "dead_letter" ? "dead-letter topic" : KIND_NOUN[node.kind]}
            </TableCell>
            <TableCell>
              {node.kind === "group" ? <VerdictTag verdict={node.verdict} /> : <StateTag state={node.state} />}
            </TableCell>
            <TableCell className="hidden text-mut sm:table-cell">{wordsOf(node, windowSeconds)}</TableCell>
            <TableCell className="hidden text-mut lg:table-cell">
              {node.kind === "service" ? "–" : <BrokerText text={node.cluster} maxLength={30} />}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

const wordsOf = (node: FlowNode, windowSeconds: number): string =>
  node.kind === "topic"
    ? topicWords(node, windowSeconds)
    : node.kind === "group"
      ? groupWords(node)
      : serviceWords(node, []);
