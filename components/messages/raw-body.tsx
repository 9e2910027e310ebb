import { cn } from "#components/ui/cn.ts";
import { count } from "#components/ui/format.ts";
import type { MessageView } from "#lib/contracts/events.ts";

/** The body of a message as text, cut where it is too long to show. */
export const RAW_LIMIT = 100_000;

export function RawBody({ message }: { readonly message: MessageView }) {
  if (message.text === "")
    return (
      <p className="text-dim">
        {message.encoding === "tombstone" ? "Tombstone: a key without a body." : "The body is empty."}
      </p>
    );
  const text = message.text.slice(0, RAW_LIMIT);
  return (
    <pre
      className={cn(
        "font-mono text-[12px] leading-[1.6] text-text/85",
        message.encoding === "binary" ? "whitespace-pre" : "break-words whitespace-pre-wrap",
      )}
    >
      <bdi>{text}</bdi>
      {text.length < message.text.length && (
        <span className="text-dim">
          {"\n"}… {count(message.text.length - text.length)} more characters
        </span>
      )}
    </pre>
  );
}
