"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "#components/ui/cn.ts";
import { pages } from "#lib/client/routes.ts";
import { Brand } from "./brand.tsx";
import { usePulse } from "./live.tsx";
import { NAV_ITEMS } from "./nav-items.ts";
import { usePageState } from "./use-page-state.ts";
import { TapLine } from "./tap-line.tsx";

const isAt = (pathname: string, root: string) =>
  root === "/" ? pathname === "/" : pathname === root || pathname.startsWith(`${root}/`);

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
          prefetch={false}
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
