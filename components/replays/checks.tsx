import { CircleCheck, CircleHelp, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { absolute } from "#components/ui/format.ts";
import { useZone } from "#components/time/zone.ts";
import { pages } from "#lib/client/routes.ts";
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";
import { checkLines } from "./check-words.ts";

/** how many characters of a written-out time to show: without the seconds */
const TO_MINUTES = "2026-11-21 14:02".length;
const BADGE = {
  ok: { Sign: CircleCheck, sign: "text-ok", text: "text-mut" },
  warn: { Sign: TriangleAlert, sign: "text-warn", text: "text-warn" },
  unknown: { Sign: CircleHelp, sign: "text-mut", text: "text-mut" },
} as const;

/** The checks made before anything is sent, and what they found. */
export function Checks({ checks }: { readonly checks: NonNullable<RedrivePreview["checks"]> }) {
  const [zone] = useZone();
  return (
    <Card>
      <CardHeader title="Checks" />
      <CardBody>
        <ul className="flex flex-col gap-1">
          {checkLines(checks, (iso) => absolute(iso, zone).slice(0, TO_MINUTES)).map(({ tone, text, run }) => {
            const { Sign, ...badge } = BADGE[tone];
            return (
              <li key={`${run}${text}`} className="flex items-start gap-2">
                <Sign aria-hidden className={`mt-0.5 size-3.5 shrink-0 ${badge.sign}`} strokeWidth={2} />
                <span className={`min-w-0 break-words ${badge.text}`}>
                  <bdi>{text}</bdi>
                  {run !== undefined && (
                    <>
                      ,{" "}
                      <Link className="text-acc underline underline-offset-2" href={pages.replay(run)}>
                        replay {run}
                      </Link>
                    </>
                  )}
                  .
                </span>
              </li>
            );
          })}
        </ul>
      </CardBody>
    </Card>
  );
}
