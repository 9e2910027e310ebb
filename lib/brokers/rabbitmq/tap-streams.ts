/** Makes the streams in which the broker keeps for Flowtap what is published to exchanges, and keeps them bound. */
import type { RabbitClusterConfig } from "#lib/config/cluster.ts";
import { bindingChanges, type GoneBindings } from "./bindings.ts";
import { faultOnConnection, openChannel, type ChannelModel } from "./connect.ts";
import type { BindingRow } from "./management.ts";
import { tapStreamOf } from "./names.ts";

const MEGABYTE = 1_000_000;
/** Retention removes whole segments: of a small limit they have to be smaller still. */
const SEGMENTS = 10;
const MOST_SEGMENT_BYTES = 500 * MEGABYTE;

/** Makes the stream unless it is there. Rejects with a BrokerFault. */
export async function ensureTapStream(
  connection: ChannelModel,
  cluster: RabbitClusterConfig,
  exchange: string,
): Promise<void> {
  const stream = tapStreamOf(exchange);
  if (await isThere(connection, stream)) return;
  const maxBytes = cluster.tap.keepMegabytes * MEGABYTE;
  await onChannel(connection, cluster, (channel) =>
    channel.assertQueue(stream, {
      durable: true,
      arguments: {
        "x-queue-type": "stream",
        "x-max-age": `${cluster.tap.keepHours}h`,
        "x-max-length-bytes": maxBytes,
        "x-stream-max-segment-size-bytes": Math.min(MOST_SEGMENT_BYTES, Math.ceil(maxBytes / SEGMENTS)),
      },
    }),
  );
}

/** With limits of an earlier configuration it stays as it is: the broker refuses to be told otherwise. */
async function isThere(connection: ChannelModel, stream: string): Promise<boolean> {
  const channel = await openChannel(connection);
  try {
    await channel.checkQueue(stream);
    await channel.close();
    return true;
  } catch {
    return false;
  }
}

export type BindingsBySource = ReadonlyMap<string, readonly BindingRow[]>;

/** Rejects with a BrokerFault; then some of the bindings may have been changed, and the rest is at the next call. */
export async function followBindings(
  connection: ChannelModel,
  cluster: RabbitClusterConfig,
  exchange: string,
  bindings: BindingsBySource,
  gone: GoneBindings,
): Promise<void> {
  const stream = tapStreamOf(exchange);
  const { add, remove: missing } = bindingChanges(bindings.get(exchange) ?? [], stream);
  const remove = gone.add(missing, Date.now());
  if (add.length + remove.length === 0) return;
  await onChannel(connection, cluster, async (channel) => {
    for (const { routing_key, arguments: args } of add) await channel.bindQueue(stream, exchange, routing_key, args);
    for (const { routing_key, arguments: args } of remove)
      await channel.unbindQueue(stream, exchange, routing_key, args);
  });
}

async function onChannel(
  connection: ChannelModel,
  cluster: RabbitClusterConfig,
  work: (channel: Awaited<ReturnType<typeof openChannel>>) => Promise<unknown>,
): Promise<void> {
  try {
    const channel = await openChannel(connection);
    await work(channel);
    await channel.close();
  } catch (error) {
    throw faultOnConnection(error, cluster);
  }
}
