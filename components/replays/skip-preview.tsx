import { BrokerText } from "#components/ui/broker-text.tsx";
import { StatCard } from "#components/ui/card.tsx";
import { bytes, count } from "#components/ui/format.ts";
import type { SkipPreview as Preview } from "#lib/contracts/replay-preview.ts";
import { Cli } from "./cli.tsx";
import { Connected, ConnectedNow } from "./connected.tsx";

/** Which event is passed over, and where its copy goes. */
export function SkipPreview({ preview }: { readonly preview: Preview }) {
  return (
    <>
      <div className="grid grid-cols-2 gap-3 md:grid-cols-4">
        <StatCard
          label="Skipped"
          value="1"
          tone="warn"
          context={`${count(preview.offset)} of ${preview.topic.slice(0, 60)}[${preview.partition}]`}
        />
        <StatCard label="Waiting behind it" value={count(preview.waitingBehind)} context="processed next" />
        <StatCard
          label="Its size"
          value={bytes(preview.sizeBytes)}
          context={preview.key === null ? "no key" : `key ${preview.key.slice(0, 40)}`}
        />
        <ConnectedNow of={preview} />
      </div>
      <p className="text-mut">
        <BrokerText text={preview.group} className="font-medium text-text" maxLength={60} /> is moved past this one
        event and never processes it. First a copy of it goes to{" "}
        <BrokerText mono text={preview.deadLetterTopic} className="text-text" maxLength={80} />, as a dead letter that
        says who skipped it and why, and can be sent again from there. Other groups see nothing of it.
      </p>
      <Connected members={preview.members} />
      <Cli text={preview.cli} />
    </>
  );
}
