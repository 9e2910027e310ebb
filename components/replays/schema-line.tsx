import { CircleCheck, CircleHelp, TriangleAlert } from "lucide-react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import type { ReplayItemEditView } from "#lib/contracts/replays.ts";

const BADGE = {
  matches: { Sign: CircleCheck, className: "text-ok" },
  differs: { Sign: TriangleAlert, className: "text-warn" },
  unchecked: { Sign: CircleHelp, className: "text-mut" },
} as const;

interface SchemaLineProps {
  readonly schema: ReplayItemEditView["schema"];
  /** it is no longer what lies in the log */
  readonly edited: boolean;
}
/** Whether an event, as it would be sent now, matches the schema that is known for it. */
export function SchemaLine({ schema: { state, schema, why }, edited }: SchemaLineProps) {
  const { Sign, className } = BADGE[state];
  const what = edited ? "As it was edited" : "As it lies in the log";
  return (
    <p className="flex items-start gap-1.5 text-xs text-mut">
      <Sign aria-hidden className={`mt-px size-3.5 shrink-0 ${className}`} strokeWidth={2} />
      <span className={state === "differs" ? "text-warn" : undefined}>
        {state === "unchecked" ? (
          <>
            Not checked against a schema: <BrokerText text={why ?? ""} maxLength={300} />.
          </>
        ) : (
          <>
            {what} it {state === "matches" ? "matches" : "does not match"}{" "}
            <BrokerText mono text={schema ?? ""} maxLength={120} />
            {why !== null && (
              <>
                : <BrokerText text={why} maxLength={300} />
              </>
            )}
            . A change is checked when it is kept.
          </>
        )}
      </span>
    </p>
  );
}
