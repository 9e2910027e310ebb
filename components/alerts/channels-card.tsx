import { Send } from "lucide-react";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { plural } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import type { AlertChannelRow } from "#lib/contracts/alerts.ts";
import { CHANNEL_BADGE, KIND_WORD } from "./alert-badges.ts";
import { useTestChannel } from "./use-alerts.ts";

/** Where alerts are sent, how the last delivery went, and a button to test each channel. */
export function ChannelsCard({ channels }: { readonly channels: readonly AlertChannelRow[] }) {
  const test = useTestChannel();
  const refusal = useWriteRefusal();
  return (
    <Card aria-label="Channels">
      <CardHeader title="Channels">from the configuration</CardHeader>
      <ul>
        {channels.map((channel) => {
          const { icon: Icon, word } = CHANNEL_BADGE[channel.kind];
          return (
            <li key={channel.name} className="flex items-start gap-3 border-t px-3.5 py-2.5">
              <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-mut" strokeWidth={1.5} />
              <div className="min-w-0 flex-1">
                <p className="flex flex-wrap items-baseline gap-x-2">
                  <span className="min-w-0 truncate font-medium">{channel.name}</span>
                  <span className="text-dim">{word}</span>
                </p>
                <p className="truncate text-xs text-dim" title={channel.target}>
                  {channel.target}
                </p>
                <p className="mt-0.5 text-xs">
                  <LastDelivery channel={channel} />
                </p>
              </div>
              <Button
                size="sm"
                disabled={refusal !== null || (test.isPending && test.variables === channel.name)}
                {...(refusal !== null && { title: refusal })}
                aria-label={`Test ${channel.name}`}
                onClick={() => test.mutate(channel.name)}
              >
                <Send /> Test
              </Button>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function LastDelivery({ channel: { last, waiting } }: { readonly channel: AlertChannelRow }) {
  if (last === null) return <span className="text-dim">nothing sent yet</span>;
  const what = (
    <>
      {KIND_WORD[last.kind]} · <RelativeTime at={last.sentAt ?? last.createdAt} />
    </>
  );
  if (last.status === "sent" && waiting === 0)
    return (
      <span className="text-ok">
        ✓ sent{" "}
        <span className="text-dim">
          <RelativeTime at={last.sentAt ?? last.createdAt} />
          {last.kind === "test" && " · test"}
        </span>
      </span>
    );
  if (last.status === "failed")
    return (
      <span className="break-words text-bad">
        ✕ failed: <bdi>{last.lastError}</bdi> <span className="text-dim">{what}</span>
      </span>
    );
  return (
    <span className="break-words text-warn">
      {plural(waiting, "message pending", "messages pending")}
      {last.lastError !== null && (
        <>
          : <bdi>{last.lastError}</bdi>
        </>
      )}
    </span>
  );
}
