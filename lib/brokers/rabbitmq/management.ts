/** What RabbitMQ's management API tells, of one virtual host. Bounded in time and size. */
import http from "node:http";
import https from "node:https";
import { z } from "zod";
import type { RabbitClusterConfig } from "#lib/config/cluster.ts";
import { tlsOptions } from "#lib/config/tls-files.ts";
import { BrokerFault } from "../ports/errors.ts";
import type { RequestLimits } from "../ports/inspector.ts";
import { rabbitFaultOf } from "./fault.ts";

const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const PAGE = 500;
/** pages of one list; what is beyond is not seen */
const MAX_PAGES = 100;

const Arguments = z.record(z.string(), z.unknown()).catch({});
const amount = z.number().nonnegative().catch(0);

const ExchangeRow = z.object({ name: z.string(), type: z.string() });
const BindingRow = z.object({
  source: z.string(),
  destination: z.string(),
  destination_type: z.string(),
  routing_key: z.string(),
  arguments: Arguments,
});
const QueueRow = z.object({
  name: z.string(),
  type: z.string().catch("classic"),
  state: z.string().catch("running"),
  node: z.string().optional().catch(undefined),
  /** null: a queue is counted some seconds after it was made, or after the broker has started */
  messages: z.number().nonnegative().nullable().catch(null),
  message_bytes: amount,
  consumers: z.number().nonnegative().nullable().catch(null),
  arguments: Arguments,
  effective_policy_definition: Arguments,
  members: z.array(z.string()).catch([]),
  online: z.array(z.string()).catch([]),
  message_stats: z.object({ ack: amount, deliver_no_ack: amount, get_no_ack: amount }).partial().catch({}),
});
const ConsumerRow = z.object({
  consumer_tag: z.string(),
  queue: z.object({ name: z.string() }),
  channel_details: z
    .object({ name: z.string().catch(""), connection_name: z.string().catch(""), peer_host: z.unknown() })
    .partial()
    .catch({}),
});
const ConnectionRow = z.object({
  name: z.string(),
  user_provided_name: z.string().optional().catch(undefined),
  client_properties: z.object({ connection_name: z.string() }).partial().catch({}),
});
const Overview = z.object({ cluster_name: z.string().optional().catch(undefined) });

export type BindingRow = z.infer<typeof BindingRow>;
export type QueueRow = z.infer<typeof QueueRow>;
export type ConsumerRow = z.infer<typeof ConsumerRow>;

/** Every call may reject with a BrokerFault. Rows of another shape than these are left out. */
export interface Management {
  clusterName(): Promise<string | null>;
  exchanges(): Promise<z.infer<typeof ExchangeRow>[]>;
  bindings(): Promise<BindingRow[]>;
  queues(): Promise<QueueRow[]>;
  consumers(): Promise<ConsumerRow[]>;
  /** the names that clients gave their connections, by the names that the broker gave them */
  connectionNames(): Promise<Map<string, string>>;
  close(): void;
}

export function openManagement(cluster: RabbitClusterConfig, { onAnswer }: RequestLimits = {}): Management {
  const base = new URL(cluster.managementUrl);
  const isSecure = base.protocol === "https:";
  const agent = isSecure
    ? new https.Agent({ keepAlive: true, ...(cluster.tls && tlsOptions(cluster.tls)) })
    : new http.Agent({ keepAlive: true });
  const vhost = encodeURIComponent(cluster.vhost);
  const authorization = `Basic ${Buffer.from(`${cluster.username}:${cluster.password}`).toString("base64")}`;

  const ask = (path: string): Promise<unknown> =>
    new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
      const request = (isSecure ? https : http).get(
        `${base.href.replace(/\/+$/, "")}/api/${path}`,
        { agent, headers: { authorization, accept: "application/json" }, timeout: TIMEOUT_MS },
        (answer) => {
          const chunks: Buffer[] = [];
          let size = 0;
          answer.on("data", (chunk: Buffer) => {
            chunks.push(chunk);
            size += chunk.length;
            if (size > MAX_ANSWER_BYTES) request.destroy(new Error(`the answer to ${path} is too long`));
          });
          answer.on("error", reject);
          answer.on("end", () => {
            onAnswer?.({ api: path.replace(/[/?].*$/, ""), bytesSent: 0, bytesReceived: size });
            resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") });
          });
        },
      );
      request.on("timeout", () => request.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })));
      request.on("error", reject);
    }).then(
      ({ status, text }) => parsed(status, text, path, cluster),
      (error: unknown) => {
        throw rabbitFaultOf(error, `RabbitMQ's management API at ${base.host}`, cluster);
      },
    );

  async function list<T>(path: string, row: z.ZodType<T>): Promise<T[]> {
    const rows: T[] = [];
    for (let page = 1; page <= MAX_PAGES; page++) {
      const answer = Page.safeParse(await ask(`${path}?page=${page}&page_size=${PAGE}`));
      if (!answer.success) throw strange(path);
      for (const one of rowsOf(answer.data.items, row)) rows.push(one);
      if (page >= answer.data.page_count) break;
    }
    return rows;
  }
  /** these are not paged */
  async function whole<T>(path: string, row: z.ZodType<T>): Promise<T[]> {
    const answer = await ask(path);
    if (!Array.isArray(answer)) throw strange(path);
    return rowsOf(answer, row);
  }
  return {
    clusterName: async () => Overview.safeParse(await ask("overview")).data?.cluster_name ?? null,
    exchanges: () => list(`exchanges/${vhost}`, ExchangeRow),
    bindings: () => whole(`bindings/${vhost}`, BindingRow),
    queues: () => list(`queues/${vhost}`, QueueRow),
    consumers: () => whole(`consumers/${vhost}`, ConsumerRow),
    connectionNames: async () => {
      const rows = await whole(`vhosts/${vhost}/connections`, ConnectionRow);
      return new Map(
        rows.flatMap(({ name, user_provided_name, client_properties }) => {
          const given = user_provided_name ?? client_properties.connection_name;
          return given === undefined || given === "" ? [] : [[name, given] as const];
        }),
      );
    },
    close: () => agent.destroy(),
  };
}

const Page = z.object({ items: z.array(z.unknown()), page_count: z.number() });

const rowsOf = <T>(items: readonly unknown[], row: z.ZodType<T>): T[] =>
  items.flatMap((item) => {
    const read = row.safeParse(item);
    return read.success ? [read.data] : [];
  });

const strange = (path: string) =>
  new BrokerFault({ kind: "unknown" }, `RabbitMQ's management API answers ${path} in a way that cannot be read`);

function parsed(status: number, text: string, path: string, { username, vhost }: RabbitClusterConfig): unknown {
  if (status === 401)
    throw new BrokerFault({ kind: "login_refused" }, `RabbitMQ's management API does not accept ${username}`);
  if (status === 403)
    throw new BrokerFault(
      { kind: "not_authorized" },
      `${username} may not ask RabbitMQ's management API; give it the tag "monitoring" and permissions on ${vhost}`,
    );
  if (status === 404)
    throw new BrokerFault(
      { kind: "refused" },
      `RabbitMQ has no ${path.replace(/\?.*$/, "")}; is ${vhost} its virtual host?`,
    );
  if (status !== 200)
    throw new BrokerFault({ kind: "unreachable" }, `RabbitMQ's management API answers with status ${status}`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw strange(path);
  }
}
