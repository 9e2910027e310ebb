"use client";
import { ShieldQuestion } from "lucide-react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { count, plural } from "#components/ui/format.ts";
import type { ReplayChoiceInput } from "#lib/contracts/replay-draft.ts";
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";

const MOST_SHOWN = 50;

interface NamedTargetsProps {
  readonly targets: RedrivePreview["namedTargets"];
  readonly onChoose: (choice: Pick<ReplayChoiceInput, "confirmTargets" | "withdrawTargets">) => void;
}
/** Asks about each target that only the records of a topic name: what goes there is left out until it is confirmed. */
export function NamedTargets({ targets, onChoose }: NamedTargetsProps) {
  if (targets.length === 0) return null;
  return (
    <Card>
      <CardHeader title="Target named by the record only: choose" />
      <CardBody className="flex flex-col gap-2.5">
        <p className="text-mut">
          Whoever writes to a dead-letter topic writes its headers too, and Flowtap may write where they may not. These
          name another topic than the one that the dead letters of their topic usually come from.
        </p>
        <ul className="flex flex-col gap-2">
          {targets.slice(0, MOST_SHOWN).map(({ source, topic, items, confirmed }) => (
            <li key={`${source}/${topic}`} className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
              <span className="flex min-w-0 flex-1 items-start gap-2">
                <ShieldQuestion aria-hidden className="mt-0.5 size-3.5 shrink-0 text-warn" strokeWidth={2} />
                <span className="min-w-0">
                  <b className="font-semibold text-text">{plural(items, "event")}</b> of{" "}
                  <BrokerText text={source} maxLength={60} /> to{" "}
                  <BrokerText className="font-semibold text-text" text={topic} maxLength={60} />
                  <span className="text-mut">{confirmed ? ": confirmed" : ": left out until you confirm it"}</span>
                </span>
              </span>
              <Button
                aria-label={`${confirmed ? "Leave out what goes" : "Confirm sending"} from ${source} to ${topic}`}
                onClick={() =>
                  onChoose(
                    confirmed ? { withdrawTargets: [{ source, topic }] } : { confirmTargets: [{ source, topic }] },
                  )
                }
              >
                {confirmed ? "Leave out" : "Confirm"}
              </Button>
            </li>
          ))}
        </ul>
        {targets.length > MOST_SHOWN && (
          <p className="text-mut">And {count(targets.length - MOST_SHOWN)} more, which are left out.</p>
        )}
      </CardBody>
    </Card>
  );
}
