/** One consumer of a stream, which takes no more into memory than it is allowed. */
import { openChannel, type Channel, type ChannelModel, type ConsumeMessage } from "./connect.ts";

export interface StreamConsumerOptions {
  readonly connection: ChannelModel;
  readonly stream: string;
  readonly from: bigint | "first";
  /** how many messages the broker sends ahead of those that are done */
  readonly prefetch: number;
  readonly onMessage: (message: ConsumeMessage) => void;
  /** The broker has ended it: the stream was deleted, its leader has moved, or the connection is gone. */
  readonly onEnd: (reason: Error) => void;
}

export interface StreamConsumer {
  /** With all before it. */
  done(message: ConsumeMessage): void;
  close(): Promise<void>;
}

/** Rejects with the client's error when the broker refuses. */
export async function consumeStream(options: StreamConsumerOptions): Promise<StreamConsumer> {
  const { connection, stream, from, prefetch, onMessage, onEnd } = options;
  const channel: Channel = await openChannel(connection);
  let isOpen = true;
  const end = (reason: Error): void => {
    if (!isOpen) return;
    isOpen = false;
    onEnd(reason);
  };
  let fault: Error | null = null;
  channel.on("error", (error) => (fault = error));
  channel.on("close", () => end(fault ?? new Error("channel closed")));
  try {
    await channel.prefetch(prefetch);
    await channel.consume(
      stream,
      (message) => {
        if (message === null) end(new Error(`${stream} was deleted, or moved to another node`));
        else if (isOpen) onMessage(message);
      },
      { arguments: { "x-stream-offset": from === "first" ? "first" : Number(from) } },
    );
  } catch (error) {
    isOpen = false;
    throw error;
  }
  return {
    done: (message) => {
      if (isOpen) channel.ack(message, true);
    },
    close: async () => {
      isOpen = false;
      await channel.close().catch(() => undefined);
    },
  };
}
