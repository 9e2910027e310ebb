/**
 * The requests of the inspector. Each broker gets one request at a time and a limited number a second; an error of one
 * item does not affect the other items of an answer.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Admin, apiVersionsV3, protocolAPIsById, ResponseError, type API, type Connection } from "@platformatic/kafka";
import type { KafkaClusterConfig } from "#lib/config/cluster.ts";
import type { RequestLimits } from "../ports/inspector.ts";
import { parseAddress } from "./address.ts";
import { isBrokerFault } from "../ports/errors.ts";
import { advertisedFaultOf } from "./advertised-fault.ts";
import { brokerFaultOf } from "./connect-fault.ts";
import { CLIENT_ID, platformaticOptions } from "./connect.ts";
import { unlessSilent } from "./unless-silent.ts";

export interface BrokerAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

/**
 * A broker that could not be reached is not tried again for this long: a cycle must not wait for it at each request.
 */
const LEAVE_ALONE_MS = 5000;
const BURST_MS = 1000;

/** What a broker may take its time for: it waits for other brokers, or for a transaction to end. */
const MAY_TAKE_LONG: ReadonlySet<number> = new Set(
  Object.entries(protocolAPIsById as Readonly<Record<string, string>>)
    .filter(([, name]) => /^(Produce|Create|Delete|Alter|InitProducerId|Add|EndTxn|TxnOffsetCommit)/.test(name))
    .map(([key]) => Number(key)),
);

/** Every call rejects with a BrokerFault whose message uses the words of the configuration. */
export interface Requests {
  /** a call of the client's own methods, which may take several requests */
  ask<T>(work: (admin: Admin) => Promise<T>): Promise<T>;
  /** one request to whichever bootstrap broker answers */
  toAny<A extends unknown[], R>(api: API<A, R>, ...args: A): Promise<R>;
  toBroker<A extends unknown[], R>(broker: BrokerAddress, api: API<A, R>, ...args: A): Promise<R>;
  /** the highest version of an API that the brokers support; -1: none */
  versionOf(apiKey: number): Promise<number>;
  close(): Promise<void>;
}

export function openRequests(cluster: KafkaClusterConfig, { perSecond, onAnswer }: RequestLimits = {}): Requests {
  const admin = new Admin(platformaticOptions(cluster));
  const bootstrap = cluster.brokers.map(parseAddress);
  const queues = new Map<string, Promise<unknown>>();
  const nextAt = new Map<string, number>();
  const away = new Map<number, { readonly untilMs: number; readonly error: unknown }>();
  const counted = new WeakMap<object, { sent: number; received: number }>();
  let versions: Promise<Map<number, number>> | null = null;

  const pace = async (queue: string): Promise<void> => {
    if (perSecond === undefined) return;
    const now = performance.now();
    const at = Math.max(nextAt.get(queue) ?? 0, now - BURST_MS) + 1000 / perSecond;
    nextAt.set(queue, at);
    if (at > now) await sleep(at - now);
  };
  const count = (connection: Connection, api: number): void => {
    const { bytesWritten: sent, bytesRead: received } = connection.socket;
    const before = counted.get(connection.socket) ?? { sent: 0, received: 0 };
    counted.set(connection.socket, { sent, received });
    onAnswer?.({
      api: (protocolAPIsById as Readonly<Record<number, string>>)[api] ?? `api ${api}`,
      bytesSent: sent - before.sent,
      bytesReceived: received - before.received,
    });
  };
  const enqueue = <T>(queue: string, work: () => Promise<T>): Promise<T> => {
    const paced = async (): Promise<T> => {
      await pace(queue);
      return work();
    };
    const answer = (queues.get(queue) ?? Promise.resolve()).then(paced, paced);
    // Without its value: the queue must not keep the last answer in memory.
    queues.set(
      queue,
      answer.then(
        () => undefined,
        () => undefined,
      ),
    );
    return answer;
  };
  const inWords = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw brokerFaultOf(error, cluster);
    }
  };
  const send = async <A extends unknown[], R>(connection: Connection, api: API<A, R>, args: A): Promise<R> => {
    try {
      const answer = api.async(connection, ...args);
      return await (MAY_TAKE_LONG.has(api.key) ? answer : unlessSilent(connection, answer));
    } catch (error) {
      // The client rejects when one item of an answer has an error; the whole answer is still in the
      // error's `response`.
      const response = error instanceof ResponseError ? ((error as { response?: R }).response ?? null) : null;
      if (response === null) throw error;
      return response;
    } finally {
      count(connection, api.key);
    }
  };
  const connectTo = async ({ nodeId, host, port }: BrokerAddress): Promise<Connection> => {
    const known = away.get(nodeId);
    if (known !== undefined && Date.now() < known.untilMs) throw known.error;
    try {
      const connection = await admin.connections.get({ host, port });
      away.delete(nodeId);
      return connection;
    } catch (error) {
      const fault = advertisedFaultOf(error, { nodeId, host, port }, cluster);
      away.set(nodeId, { untilMs: Date.now() + LEAVE_ALONE_MS, error: fault });
      throw fault;
    }
  };
  /** The one that answered last is asked first; when it does not answer any more, each of the others is. */
  const sendToAny = async <A extends unknown[], R>(api: API<A, R>, args: A): Promise<R> => {
    for (let tried = 1; ; tried++) {
      try {
        const connection = await admin.connections.getFirstAvailable(bootstrap);
        const at = bootstrap.findIndex(({ host, port }) => host === connection.host && port === connection.port);
        bootstrap.push(...bootstrap.splice(0, at));
        return await send(connection, api, args);
      } catch (error) {
        bootstrap.push(...bootstrap.splice(0, 1));
        const fault = brokerFaultOf(error, cluster);
        if (tried >= bootstrap.length || !isBrokerFault(fault, "unreachable")) throw fault;
      }
    }
  };
  const toAny: Requests["toAny"] = (api, ...args) => enqueue("bootstrap", () => inWords(() => sendToAny(api, args)));
  return {
    ask: (work) => inWords(() => work(admin)),
    toAny,
    toBroker: (broker, api, ...args) =>
      enqueue(`${broker.nodeId}`, () => inWords(async () => send(await connectTo(broker), api, args))),
    versionOf: async (apiKey) => {
      versions ??= toAny(apiVersionsV3.api, CLIENT_ID, "1").then(
        ({ apiKeys }) => new Map(apiKeys.map((one) => [one.apiKey, one.maxVersion])),
      );
      try {
        return (await versions).get(apiKey) ?? -1;
      } catch (error) {
        versions = null;
        throw error;
      }
    },
    close: () => admin.close(),
  };
}
