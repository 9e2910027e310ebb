import Link from "next/link";
import { ConfigurationLines } from "#components/page/configuration-lines.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { pages } from "#lib/client/routes.ts";
import type { TraceView } from "#lib/contracts/traces.ts";
import { configurationLines } from "#lib/domain/publisher/lines.ts";

const MOST_LINES = 20;

/** What nobody tells of a trace, and the lines of the configuration that would. */
export function Undeclared({ of: { topics, groups } }: { readonly of: TraceView["undeclared"] }) {
  if (topics.length === 0 && groups.length === 0) return null;
  const rules = [
    ...topics.map((name) => ({ kind: "topic" as const, name, service: "SERVICE" })),
    ...groups.map((name) => ({ kind: "group" as const, name, service: "SERVICE" })),
  ].slice(0, MOST_LINES);
  return (
    <details className="rounded-lg border bg-panel px-3.5 py-2">
      <summary className="cursor-pointer">
        Causes may be missing:{" "}
        <span className="text-mut">
          {topics.length > 0
            ? "nobody says which service published some of these events."
            : "it is not known which service some of the groups belong to."}{" "}
          What to declare
        </span>
      </summary>
      <p className="mt-2 text-mut">
        Name the services in <code>flowtap.yaml</code> and restart the tap, or take over what{" "}
        <Link className="underline" href={pages.settings()}>
          Settings → Publishers
        </Link>{" "}
        has found. Services that send their name in a header need no line.
      </p>
      <ConfigurationLines rules={rules} />
      <CopyButton className="mt-2" label="Copy lines" what="lines" value={() => configurationLines(rules)} />
    </details>
  );
}
