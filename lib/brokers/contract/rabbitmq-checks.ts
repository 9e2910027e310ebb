/** What a test asks a RabbitMQ beside Flowtap. */
import { openChannel, type ChannelModel } from "../rabbitmq/connect.ts";

export interface Managed {
  readonly managementUrl: string;
  readonly username: string;
  readonly password: string;
}

/** Asks the management API; `path`: behind `/api/`. */
export function manage(
  { managementUrl, username, password }: Managed,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  return fetch(`${managementUrl}/api/${path}`, { ...init, headers: { authorization } });
}

/** How many bindings lead from the exchange to the queue. */
export async function countBindings(rabbit: Managed, exchange: string, queue: string): Promise<number> {
  const answer = await manage(rabbit, `queues/%2F/${encodeURIComponent(queue)}/bindings`);
  if (!answer.ok) return 0;
  return ((await answer.json()) as { source: string }[]).filter(({ source }) => source === exchange).length;
}

/** What is published before reaches no stream. */
export async function isUp(connection: ChannelModel, stream: string): Promise<boolean> {
  const channel = await openChannel(connection);
  return channel.checkQueue(stream).then(
    () => true,
    () => false,
  );
}
