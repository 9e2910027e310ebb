import { BrokerText } from "#components/ui/broker-text.tsx";
import { configurationLines } from "#lib/domain/publisher/lines.ts";
import type { PublisherRule } from "#lib/domain/publisher/rules.ts";

/** The lines of `flowtap.yaml` that declare these publishers. */
export function ConfigurationLines({ rules }: { readonly rules: readonly PublisherRule[] }) {
  return (
    <pre className="mt-2 overflow-x-auto rounded-md bg-raise p-2 font-mono text-xs">
      {configurationLines(rules)
        .split("\n")
        .map((line, i) => (
          <div key={i}>
            <BrokerText text={line} maxLength={400} />
          </div>
        ))}
    </pre>
  );
}
