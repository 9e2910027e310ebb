/** What a test asks a RabbitMQ beside Flowtap. */
import type { ChannelModel } from "amqplib";

interface Managed {
  readonly managementUrl: string;
  readonly username: string;
  readonly password: string;
}

/** How many bindings lead from the exchange to the queue. */
export async function countBindings(
  { managementUrl, username, password }: Managed,
  exchange: string,
  queue: string,
): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const url = `${managementUrl}/api/queues/%2F/${encodeURIComponent(queue)}/bindings`;
  const answer = await fetch(url, { headers: { authorization } });
  if (!answer.ok) return 0;
  return ((await answer.json()) as { source: string }[]).filter(({ source }) => source === exchange).length;
}

/** What is published before reaches no stream. */
export async function isUp(connection: ChannelModel, stream: string): Promise<boolean> {
  const channel = await connection.createChannel();
  channel.on("error", () => undefined);
  return channel.checkQueue(stream).then(
    () => true,
    () => false,
  );
}
