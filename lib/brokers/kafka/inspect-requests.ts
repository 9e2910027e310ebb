/** The requests of the inspector: one broker at a time gets one request at a time, and the error of one item never spoils the others'. */
import { Admin, ResponseError, type API, type Connection } from "@platformatic/kafka";
import type { ClusterConfig } from "#lib/config/schema.ts";
import { connectFault } from "./connect-fault.ts";
import { platformaticOptions } from "./connect.ts";

export interface BrokerAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

/** Whatever rejects says why in words of the configuration. */
export interface Requests {
  /** a question of the client's own, in as many requests as it takes */
  ask<T>(work: (admin: Admin) => Promise<T>): Promise<T>;
  /** asks again who leads what */
  forgetLeaders(): void;
  /** one request to whichever bootstrap broker answers */
  toAny<A extends unknown[], R>(api: API<A, R>, ...args: A): Promise<R>;
  toBroker<A extends unknown[], R>(broker: BrokerAddress, api: API<A, R>, ...args: A): Promise<R>;
  /** the highest version the brokers speak of an api; -1: none */
  versionOf(apiKey: number): Promise<number>;
  close(): Promise<void>;
}

export function openRequests(cluster: ClusterConfig): Requests {
  const admin = new Admin(platformaticOptions(cluster));
  const bootstrap = cluster.brokers.map(parseAddress);
  const queues = new Map<string, Promise<unknown>>();
  let versions: Promise<Map<number, number>> | null = null;

  const inTurn = <T>(queue: string, work: () => Promise<T>): Promise<T> => {
    const turn = (queues.get(queue) ?? Promise.resolve()).then(work, work);
    queues.set(queue, turn.catch(() => undefined));
    return turn;
  };
  const inWords = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw connectFault(error, cluster);
    }
  };
  const send = async <A extends unknown[], R>(connection: Connection, api: API<A, R>, args: A): Promise<R> => {
    try {
      return await api.async(connection, ...args);
    } catch (error) {
      // The client throws away a whole answer when one item in it carries an error; the answer itself is still there.
      const response = error instanceof ResponseError ? ((error as { response?: R }).response ?? null) : null;
      if (response === null) throw error;
      return response;
    }
  };
  return {
    ask: (work) => inWords(() => work(admin)),
    forgetLeaders: () => admin.clearMetadata(),
    toAny: (api, ...args) => inTurn("bootstrap", () => inWords(async () => send(await admin.connections.getFirstAvailable(bootstrap), api, args))),
    toBroker: (broker, api, ...args) => inTurn(`${broker.nodeId}`, () => inWords(async () => send(await admin.connections.get({ host: broker.host, port: broker.port }), api, args))),
    versionOf: async (apiKey) => {
      versions ??= inWords(() => admin.listApis()).then((apis) => new Map(apis.map((api) => [api.apiKey, api.maxVersion])));
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

function parseAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}

export function* chunksOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

/** Runs the work of each broker side by side, each broker's own in order. */
export async function perBroker<T, R>(items: ReadonlyMap<number, readonly T[]>, size: number, work: (nodeId: number, chunk: readonly T[]) => Promise<R[]>): Promise<R[]> {
  const answers = await Promise.all(
    [...items].map(async ([nodeId, all]) => {
      const found: R[] = [];
      for (const chunk of chunksOf(all, size)) for (const one of await work(nodeId, chunk)) found.push(one);
      return found;
    }),
  );
  return answers.flat();
}
