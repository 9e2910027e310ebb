/** Connections to RabbitMQ by AMQP 0-9-1. The client is loaded with the first of them. */
import { isIP } from "node:net";
import type { Channel, ChannelModel } from "amqplib";
import type { RabbitClusterConfig } from "#lib/config/cluster.ts";
import { tlsOptions } from "#lib/config/tls-files.ts";
import { rabbitFaultOf } from "./fault.ts";

export type { Channel, ChannelModel, ConsumeMessage } from "amqplib";

const CONNECT_TIMEOUT_MS = 10_000;
const HEARTBEAT_S = 15;

/** Tries each node in turn. Rejects with the BrokerFault of the last. */
export async function connectRabbit(cluster: RabbitClusterConfig, purpose: string): Promise<ChannelModel> {
  const { connect } = await import("amqplib");
  let fault: Error | null = null;
  for (const address of cluster.brokers) {
    const { hostname, port, protocol } = new URL(address);
    const host = hostname.replace(/^\[(.*)\]$/, "$1");
    try {
      const connection = await connect(
        {
          protocol: protocol.slice(0, -1),
          hostname: host,
          port: Number(port),
          username: cluster.username,
          password: cluster.password,
          vhost: cluster.vhost,
          heartbeat: HEARTBEAT_S,
        },
        {
          timeout: CONNECT_TIMEOUT_MS,
          clientProperties: { connection_name: `flowtap ${purpose}`, product: "Flowtap" },
          ...(protocol === "amqps:" && {
            ...(isIP(host) === 0 && { servername: host }),
            ...(cluster.tls && tlsOptions(cluster.tls)),
          }),
        },
      );
      // Without a listener an error of the connection would end the process. What waits on it fails by itself.
      connection.on("error", () => undefined);
      return connection;
    } catch (error) {
      fault = rabbitFaultOf(error, `RabbitMQ at ${host}:${port}`, cluster);
    }
  }
  throw fault ?? new TypeError("a cluster without brokers");
}

export interface KeptConnection {
  /** Opened on first use, and anew when it has ended. Rejects with a BrokerFault. */
  open(): Promise<ChannelModel>;
  close(): Promise<void>;
}

/** One connection for everything that is asked for one purpose. */
export function keepConnection(cluster: RabbitClusterConfig, purpose: string): KeptConnection {
  let connecting: Promise<ChannelModel> | null = null;
  return {
    open: () => {
      const opened = (connecting ??= connectRabbit(cluster, purpose));
      const forget = (): void => {
        if (connecting === opened) connecting = null;
      };
      opened.then((connection) => connection.on("close", forget), forget);
      return opened;
    },
    close: async () => {
      const connection = await connecting?.catch(() => null);
      await connection?.close().catch(() => undefined);
    },
  };
}

/** The broker closes a channel at its first error, and says so on the channel too. */
export async function openChannel(connection: ChannelModel): Promise<Channel> {
  const channel = await connection.createChannel();
  channel.on("error", () => undefined);
  return channel;
}

/** Errors of operations on a connection that is open. */
export const faultOnConnection = (error: unknown, cluster: RabbitClusterConfig): Error =>
  rabbitFaultOf(error, `RabbitMQ at ${cluster.brokers.join(", ")}`, cluster);
