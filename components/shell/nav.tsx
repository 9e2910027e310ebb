"use client";
import {
  BellRing,
  ListTree,
  Logs,
  RotateCcw,
  Settings,
  Siren,
  TriangleAlert,
  Users,
  Workflow,
  type LucideIcon,
} from "lucide-react";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { compact, count, ratePerSecond } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { cn } from "#components/ui/cn.ts";
import { pages } from "#lib/client/routes.ts";
import type { Pulse } from "#lib/contracts/stream.ts";
import { Brand } from "./brand.tsx";
import { usePulse } from "./live.tsx";
import { useSession } from "./use-session.ts";

type PageState = Parameters<typeof pages.flow>[0];
interface NavItem {
  readonly name: string;
  readonly href: (state: PageState) => string;
  readonly root: string;
  readonly key: string;
  readonly icon: LucideIcon;
  readonly badge?: (counts: Pulse["counts"]) => { readonly text: string; readonly tone: string } | null;
}
const badge = (n: number, word: string, tone: string) => (n > 0 ? { text: `${compact(n)} ${word}`, tone } : null);

export const NAV_ITEMS: readonly NavItem[] = [
  { name: "Flow", href: pages.flow, root: "/", key: "f", icon: Workflow },
  {
    name: "Groups",
    href: pages.groups,
    root: "/groups",
    key: "g",
    icon: Users,
    badge: (c) => badge(c.groupsStuck, "stuck", "text-bad") ?? badge(c.groupsWarning, "lagging", "text-warn"),
  },
  { name: "Incidents", href: pages.incidents, root: "/incidents", key: "i", icon: Siren },
  { name: "Topics", href: pages.topics, root: "/topics", key: "t", icon: Logs },
  { name: "Traces", href: pages.traces, root: "/traces", key: "r", icon: ListTree },
  {
    name: "Failures",
    href: pages.failures,
    root: "/failures",
    key: "e",
    icon: TriangleAlert,
    badge: (c) => badge(c.failuresOpen, "open", "text-warn"),
  },
  {
    name: "Replays",
    href: pages.replays,
    root: "/replays",
    key: "p",
    icon: RotateCcw,
    badge: (c) => badge(c.replaysRunning, "running", "text-mut"),
  },
  {
    name: "Alerts",
    href: pages.alerts,
    root: "/alerts",
    key: "a",
    icon: BellRing,
    badge: (c) => badge(c.alertsFiring, "firing", "text-bad"),
  },
  { name: "Settings", href: () => pages.settings(), root: "/settings", key: "s", icon: Settings },
];

const isAt = (pathname: string, root: string) =>
  root === "/" ? pathname === "/" : pathname === root || pathname.startsWith(`${root}/`);

/** The part of the address that links between pages keep: the time range and the time shown. */
export function usePageState(): PageState {
  const search = useSearchParams();
  return { minutes: search.get("minutes"), at: search.get("at") };
}

/** `rail` shrinks to icons below 1024 px; `wide` is for the sheet on a phone. */
export function Nav({ variant, onGo }: { readonly variant: "rail" | "wide"; readonly onGo?: () => void }) {
  const pathname = usePathname();
  const pulse = usePulse();
  const pageState = usePageState();
  const labelClass = variant === "wide" ? "" : "max-lg:hidden";
  return (
    <nav
      aria-label="Main"
      className={cn(
        "flex flex-col gap-0.5 bg-panel print:hidden",
        variant === "rail" && "border-r px-2.5 py-3.5 max-md:hidden",
      )}
    >
      {variant === "rail" && (
        <Link
          href={pages.flow(pageState)}
          aria-label="Flowtap"
          className="flex items-center gap-2.5 px-2 pt-1 pb-3.5 text-base font-semibold tracking-tight"
        >
          <Brand />
          <span className={labelClass}>Flowtap</span>
        </Link>
      )}
      {NAV_ITEMS.map((item) => {
        const badge = pulse && item.badge?.(pulse.counts);
        const here = isAt(pathname, item.root);
        const Icon = item.icon;
        return (
          <Link
            key={item.root}
            href={item.href(pageState)}
            prefetch={false}
            {...(onGo && { onClick: onGo })}
            {...(here && { "aria-current": "page" })}
            title={`${item.name} (g ${item.key})`}
            className={cn(
              "relative flex h-8 items-center gap-2.5 rounded-md px-2 text-mut hover:text-text",
              here && "bg-raise text-text",
              variant === "rail" && "max-lg:justify-center",
            )}
          >
            <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.5} />
            <span className={cn(labelClass, variant === "rail" && "max-lg:sr-only max-lg:block")}>{item.name}</span>
            {badge && <b className={cn("ml-auto text-2xs font-medium", labelClass, badge.tone)}>{badge.text}</b>}
            {badge && variant === "rail" && (
              <i
                aria-hidden
                className={cn("absolute top-1 right-1 size-1.5 rounded-full bg-current lg:hidden", badge.tone)}
              />
            )}
          </Link>
        );
      })}
      <div className="grow" />
      <TapLine pulse={pulse} className={labelClass} />
    </nav>
  );
}

function TapLine({ pulse, className }: { readonly pulse: Pulse | null; readonly className: string }) {
  const version = useSession()?.version;
  return (
    <div className={cn("px-2 py-2 text-2xs leading-relaxed text-dim", className)}>
      {pulse === null ? (
        "connecting"
      ) : pulse.taps === 0 ? (
        <span className="text-warn">no tap running</span>
      ) : (
        <>
          tap {ratePerSecond(pulse.eventsPerSecond).replace("/s", " ev/s")} ·{" "}
          <span className={cn(pulse.tapBehind > 10_000 && "text-warn")}>{count(pulse.tapBehind)} behind</span>
        </>
      )}
      <br />
      {pulse?.indexedThrough ? (
        <>
          indexed <RelativeTime at={pulse.indexedThrough} />
        </>
      ) : (
        "no events indexed yet"
      )}
      {version !== undefined && ` · v${version}`}
    </div>
  );
}
