"use client";
import { Check, CircleHelp, GitBranch, Mail, OctagonAlert, SkipForward, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { ClockTime, RelativeTime } from "#components/time/relative-time.tsx";
import { pages } from "#lib/client/routes.ts";
import type { GroupView } from "#lib/contracts/groups.ts";
import { bannerWords, offersSkip } from "./banner-words.ts";
import { skipHref } from "./next-steps/step.ts";

const BADGE = {
  bad: { frame: "border-badline bg-badbg", icon: OctagonAlert, text: "text-bad" },
  warn: { frame: "border-warnline bg-warnbg", icon: TriangleAlert, text: "text-warn" },
  ok: { frame: "bg-panel", icon: Check, text: "text-ok" },
  neutral: { frame: "bg-panel", icon: CircleHelp, text: "text-mut" },
} as const;

/** What is wrong in one sentence, the proof beneath, what to do beside it. */
export function GroupBanner({ view }: { readonly view: GroupView }) {
  const words = bannerWords(view);
  const { cluster, group } = view.row;
  const badge = BADGE[words.tone];
  const { head } = words;
  const alarm = words.tone === "bad" || words.tone === "warn";
  return (
    <section
      aria-label="Verdict"
      className={cn(
        "flex flex-wrap items-center gap-x-4 gap-y-3 rounded-lg border px-4",
        alarm ? "py-3.5" : "py-2.5",
        badge.frame,
      )}
    >
      <div className="min-w-0 flex-[1_1_32rem]">
        <p className={cn("flex items-start gap-2", alarm ? "text-[0.9375rem] font-semibold" : "text-mut")}>
          <badge.icon
            aria-hidden
            className={cn("mt-[3px] size-4 shrink-0", badge.text)}
            strokeWidth={alarm ? 2 : 1.5}
          />
          <bdi className="min-w-0 break-words">{words.title}</bdi>
        </p>
        {(words.proof.length > 0 || words.sinceAt !== null) && (
          <p className="mt-1 max-w-[52rem] pl-6 break-words text-mut">
            <bdi>{words.proof.join(" ")}</bdi>
            {words.sinceAt !== null && (
              <>
                {" "}
                Since <ClockTime at={words.sinceAt} />
                {view.at === null && (
                  <>
                    {" "}
                    (<RelativeTime at={words.sinceAt} suffix="" />)
                  </>
                )}
                .
              </>
            )}
          </p>
        )}
      </div>
      {alarm && head !== null && (
        <div className="flex flex-wrap gap-2">
          {head.traceId !== null && (
            <Button asChild>
              <Link href={pages.trace(head.traceId)}>
                <GitBranch /> Open trace
              </Link>
            </Button>
          )}
          {offersSkip(view, words) && (
            <Button asChild variant="danger">
              <Link href={skipHref({ cluster, group }, head)}>
                <SkipForward /> Skip it…
              </Link>
            </Button>
          )}
          <Button asChild variant="primary">
            <Link href={pages.group(cluster, group, { tab: "events" })}>
              <Mail /> Open event
            </Link>
          </Button>
        </div>
      )}
    </section>
  );
}
