import { ArrowRight } from "lucide-react";
import Link from "next/link";
import { Button } from "#components/ui/button.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { cn } from "#components/ui/cn.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { ClockTime } from "#components/time/relative-time.tsx";
import type { GroupCause } from "#lib/contracts/group-cause.ts";
import type { GroupView } from "#lib/contracts/groups.ts";
import { nextSteps } from "./next-steps/next-steps.ts";
import type { NextStep } from "./next-steps/step.ts";

/** Why: the evidence, and what to do about it. */
export function CauseCard({ view, cause }: { readonly view: GroupView; readonly cause: GroupCause }) {
  return (
    <Card>
      <CardHeader title={`Cause: ${cause.title.toLowerCase()}`}>
        {cause.since !== null && (
          <span>
            since <ClockTime at={cause.since} />
          </span>
        )}
      </CardHeader>
      <CardBody className="flex flex-col gap-3">
        <p className="break-words">
          <BrokerText text={cause.sentence} maxLength={600} />.
        </p>
        {cause.facts.length > 0 && (
          <dl className="grid grid-cols-[minmax(7rem,max-content)_minmax(0,1fr)] gap-x-4 gap-y-1">
            {cause.facts.map((fact, i) => (
              <div key={i} className="contents">
                <dt className="max-w-44 truncate text-dim">
                  <BrokerText text={fact.label} maxLength={60} />
                </dt>
                <dd className="min-w-0 break-words">
                  <BrokerText text={fact.value} maxLength={500} />
                </dd>
              </div>
            ))}
          </dl>
        )}
        <div>
          <h3 className="mb-1.5 text-xs font-medium text-mut">What to do</h3>
          <ol className="flex flex-col gap-2">
            {nextSteps(view).map((step, i) => (
              <Step key={i} step={step} number={i + 1} />
            ))}
          </ol>
        </div>
      </CardBody>
    </Card>
  );
}

function Step({ step: { text, link, command }, number }: { readonly step: NextStep; readonly number: number }) {
  return (
    <li className="flex gap-2.5">
      <span
        aria-hidden
        className={cn(
          "mt-px grid size-[18px] shrink-0 place-items-center rounded-full bg-raise",
          "text-2xs font-semibold text-mut",
        )}
      >
        {number}
      </span>
      <div className="flex min-w-0 flex-1 flex-wrap items-start justify-between gap-x-4 gap-y-1.5">
        <p className="min-w-0 flex-[1_1_16rem] break-words">
          <BrokerText text={text} maxLength={500} />
        </p>
        {(link !== undefined || command !== undefined) && (
          <div className="flex flex-wrap gap-2">
            {link !== undefined && (
              <Button asChild size="sm">
                <Link href={link.href}>
                  {link.label} <ArrowRight />
                </Link>
              </Button>
            )}
            {command !== undefined && (
              <CopyButton
                size="sm"
                variant="outline"
                label={`Copy: ${command.label}`}
                title={command.value}
                value={command.value}
              />
            )}
          </div>
        )}
      </div>
    </li>
  );
}
