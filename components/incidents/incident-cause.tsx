import { ClockTime } from "#components/time/relative-time.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import type { IncidentView } from "#lib/contracts/incidents.ts";

/** The last cause that was found during an incident, with its evidence; nothing where none was found. */
export function IncidentCause({ incident }: { readonly incident: IncidentView["incident"] }) {
  const found = incident.changes.findLast((change) => change.finding !== null);
  if (found === undefined || found.finding === null) return null;
  const { finding } = found;
  return (
    <Card>
      <CardHeader title={`Cause: ${finding.title.toLowerCase()}`}>
        <span>
          as found at <ClockTime at={found.at} />
        </span>
      </CardHeader>
      <CardBody className="flex flex-col gap-2">
        <p className="break-words">
          <BrokerText text={finding.sentence} maxLength={600} />.
        </p>
        <dl className="grid grid-cols-[minmax(7rem,max-content)_minmax(0,1fr)] gap-x-4 gap-y-1">
          {finding.facts.map((fact, i) => (
            <div key={i} className="contents">
              <dt className="text-dim">
                <BrokerText text={fact.label} maxLength={60} />
              </dt>
              <dd className="break-words">
                <BrokerText text={fact.value} maxLength={400} />
              </dd>
            </div>
          ))}
        </dl>
      </CardBody>
    </Card>
  );
}
