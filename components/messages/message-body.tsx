"use client";
import { GitBranch } from "lucide-react";
import Link from "next/link";
import { useMemo, useState } from "react";
import { curl, kcatOne } from "#components/page/commands.ts";
import { KeyLink } from "#components/page/key-link.tsx";
import { useSystem } from "#components/shell/use-system.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { CardHeader } from "#components/ui/card.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { bytes, count } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { fullUrl } from "#lib/client/base-path.ts";
import { api, pages } from "#lib/client/routes.ts";
import type { MessageView } from "#lib/contracts/events.ts";
import { eventIdOf } from "#lib/domain/message/event-id.ts";
import { printJson, readJson } from "./json-ast.ts";
import { JsonView } from "./json-view.tsx";
import { MessageHeaders } from "./message-headers.tsx";
import { RAW_LIMIT, RawBody } from "./raw-body.tsx";

type BodyFormat = "tree" | "raw" | "headers";

/** A decoded message: type and key, body as tree or raw, headers, and failed decoders. */
export function MessageBody({ message, title }: { readonly message: MessageView; readonly title: string }) {
  const json = useMemo(() => (message.text.length > RAW_LIMIT ? null : readJson(message.text)), [message.text]);
  const tree = json?.ok ? json.value : null;
  const [chosen, setFormat] = useState<BodyFormat>("tree");
  const format = chosen === "tree" && tree === null ? "raw" : chosen;
  const system = useSystem(message.cluster);
  return (
    <>
      <CardHeader
        title={
          <>
            {title}: <BrokerText text={message.topic} maxLength={48} />[{message.partition}] @ {count(message.offset)}
          </>
        }
      >
        <span className="whitespace-nowrap">
          {message.encoding} · {bytes(message.sizeBytes)}
        </span>
      </CardHeader>
      <Summary message={message} />
      <div className="flex flex-wrap items-center gap-2 px-3.5 pb-2">
        <Segmented
          aria-label="Message view"
          value={format}
          onValueChange={setFormat}
          options={[
            ...(tree === null ? [] : [{ value: "tree" as const, label: "Tree" }]),
            { value: "raw" as const, label: "Raw" },
            { value: "headers" as const, label: `Headers ${message.headers.length}` },
          ]}
        />
        <span className="ml-auto" />
        <CopyButton what="the body" value={() => (tree === null ? message.text : printJson(tree))} />
        {system === "kafka" && <CopyButton label="kcat" size="sm" value={kcatOne(message)} />}
        <CopyButton
          label="curl"
          size="sm"
          value={() => curl(fullUrl(api.message(message.cluster, message.topic, message.partition, message.offset)))}
        />
      </div>
      <div className="max-h-[460px] overflow-auto px-3.5 pb-3" tabIndex={0} role="region" aria-label="Message">
        {format === "tree" && tree !== null && <JsonView node={tree} />}
        {format === "raw" && <RawBody message={message} />}
        {format === "headers" && <MessageHeaders headers={message.headers} />}
      </div>
      {message.truncated && (
        <p className="border-t px-3.5 py-2 text-xs text-warn">
          The body is truncated ({bytes(message.sizeBytes)} in total).
          {system === "kafka" && " Use the kcat command to read all of it."}
        </p>
      )}
      {message.refusals.length > 0 && <Refusals refusals={message.refusals} />}
      {message.traceId !== null && (
        <div className="flex items-center gap-2 border-t px-3.5 py-2 text-dim">
          <span className="min-w-0 truncate">
            trace <BrokerText mono text={message.traceId} className="text-text/85" />
            {message.service !== null && (
              <>
                {" "}
                · from <BrokerText text={message.service} className="text-mut" maxLength={40} />
              </>
            )}
          </span>
          <Button asChild size="sm" variant="outline" className="ml-auto">
            <Link href={pages.trace(message.traceId, { event: eventIdOf(message) })}>
              <GitBranch /> Open trace
            </Link>
          </Button>
        </div>
      )}
    </>
  );
}

function Summary({ message }: { readonly message: MessageView }) {
  return (
    <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-3.5 pb-2.5">
      <BrokerText
        text={message.type ?? "unknown type"}
        className={message.type === null ? "text-dim" : "font-medium"}
        maxLength={80}
      />
      <span className="min-w-0 text-mut">
        key{" "}
        <KeyLink
          text={message.key}
          maxLength={60}
          cluster={message.cluster}
          event={eventIdOf(message)}
          className="text-text/85"
        />
      </span>
      {message.timestamp !== null && (
        <span className="text-mut">
          <RelativeTime at={message.timestamp} />
        </span>
      )}
    </p>
  );
}

const Refusals = ({ refusals }: { readonly refusals: MessageView["refusals"] }) => (
  <details className="border-t px-3.5 py-2 text-mut">
    <summary className="cursor-pointer text-xs">
      Other decoders tried: {refusals.map((refusal) => refusal.decoder).join(", ")}
    </summary>
    <ul className="mt-1.5 flex flex-col gap-1 text-xs">
      {refusals.slice(0, 20).map((refusal, i) => (
        <li key={i}>
          <span className="font-medium text-text">{refusal.decoder}</span>:{" "}
          <BrokerText text={refusal.reason} maxLength={300} />
        </li>
      ))}
    </ul>
  </details>
);
