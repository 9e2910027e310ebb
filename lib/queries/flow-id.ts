import type { RecentOf } from "#lib/store/events/recent-read.ts";
import type { SeriesOf } from "#lib/store/flow/series-read.ts";
import {
  destinationId,
  destinationsReadBy,
  destinationsWrittenBy,
  groupId,
  serviceId,
} from "#lib/store/search/ids-of-names.ts";
import type { QueryDeps } from "./deps.ts";

type Prisma = QueryDeps["prisma"];

/** What a node or edge of the flow graph stands for: its series over time, and its latest events. */
interface FlowSubject {
  readonly series: SeriesOf;
  readonly recent: RecentOf;
}

// Names of services and groups may contain a bar, names of topics may not.
const PUBLISH = /^publish\|s:(?<service>.*)\|t:(?<topic>[^|]*)$/s;
const CONSUME = /^consume\|t:(?<topic>[^|]*)\|g:(?<group>.*)$/s;
const CAUSE = /^cause\|t:(?<from>[^|]*)\|t:(?<to>[^|]*)\|(?:g:(?<via>.*))?$/s;

/**
 * Finds the node or edge of an id, null if there is none. Node ids are `s:<service>`, `t:<cluster>/<topic>`,
 * `g:<cluster>/<group>`; edge ids are `<kind>|<from>|<to>` and, for causes, `|<via>`.
 */
export async function resolveFlowId(prisma: Prisma, id: string): Promise<FlowSubject | null> {
  const publish = PUBLISH.exec(id)?.groups;
  if (publish !== undefined) return publishEdge(prisma, publish);
  const consume = CONSUME.exec(id)?.groups;
  if (consume !== undefined) return consumeEdge(prisma, consume);
  const cause = CAUSE.exec(id)?.groups;
  if (cause !== undefined) return causeEdge(prisma, cause);
  if (id.startsWith("s:")) return serviceNode(prisma, id.slice(2));
  if (id.startsWith("t:")) return topicNode(prisma, id.slice(2));
  return id.startsWith("g:") ? groupNode(prisma, id.slice(2)) : null;
}

type Names = Readonly<Record<string, string | undefined>>;

async function publishEdge(prisma: Prisma, names: Names): Promise<FlowSubject | null> {
  const [service, topic] = await Promise.all([
    serviceId(prisma, names.service ?? ""),
    topicOf(prisma, names.topic ?? ""),
  ]);
  if (service === null || topic === null) return null;
  return {
    series: { kind: "publish", serviceId: service, destinationId: topic },
    recent: { destinationIds: [topic], serviceId: service },
  };
}

async function consumeEdge(prisma: Prisma, names: Names): Promise<FlowSubject | null> {
  const [topic, group] = await Promise.all([topicOf(prisma, names.topic ?? ""), groupOf(prisma, names.group ?? "")]);
  if (topic === null || group === null) return null;
  return {
    series: { kind: "consume", groupId: group, destinationId: topic },
    recent: { destinationIds: [topic], serviceId: null },
  };
}

async function causeEdge(prisma: Prisma, names: Names): Promise<FlowSubject | null> {
  const [from, to, via] = await Promise.all([
    topicOf(prisma, names.from ?? ""),
    topicOf(prisma, names.to ?? ""),
    names.via === undefined ? null : groupOf(prisma, names.via),
  ]);
  if (from === null || to === null) return null;
  return {
    series: { kind: "cause", fromDestinationId: from, toDestinationId: to, groupId: via },
    recent: { destinationIds: [to], serviceId: null },
  };
}

async function serviceNode(prisma: Prisma, name: string): Promise<FlowSubject | null> {
  const service = await serviceId(prisma, name);
  if (service === null) return null;
  return {
    series: { kind: "service", serviceId: service },
    recent: { destinationIds: await destinationsWrittenBy(prisma, service), serviceId: service },
  };
}

async function topicNode(prisma: Prisma, path: string): Promise<FlowSubject | null> {
  const topic = await topicOf(prisma, path);
  if (topic === null) return null;
  return { series: { kind: "topic", destinationId: topic }, recent: { destinationIds: [topic], serviceId: null } };
}

async function groupNode(prisma: Prisma, path: string): Promise<FlowSubject | null> {
  const group = await groupOf(prisma, path);
  if (group === null) return null;
  return {
    series: { kind: "group", groupId: group },
    recent: { destinationIds: await destinationsReadBy(prisma, group), serviceId: null },
  };
}

const topicOf = (prisma: Prisma, path: string) =>
  named(path, (cluster, topic) => destinationId(prisma, cluster, topic));
const groupOf = (prisma: Prisma, path: string) => named(path, (cluster, group) => groupId(prisma, cluster, group));

/** The name is what follows the first slash: cluster names contain none. */
async function named(
  path: string,
  find: (cluster: string, name: string) => Promise<number | null>,
): Promise<number | null> {
  const slash = path.indexOf("/");
  return slash < 1 ? null : find(path.slice(0, slash), path.slice(slash + 1));
}
