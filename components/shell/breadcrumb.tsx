"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { fromUrlSegment } from "#lib/domain/text/url-segment.ts";
import { NAV_ITEMS } from "./nav-items.ts";

/** The section, then the page: `/groups/prod/payments` → Groups / payments. */
export function Breadcrumb() {
  const [root = "", ...rest] = usePathname().slice(1).split("/");
  const section = NAV_ITEMS.find((one) => one.root === `/${root}`);
  if (!section) return null;
  const leaf = rest.at(-1);
  return (
    <nav aria-label="Breadcrumb" className="ml-1 flex min-w-0 items-center gap-1.5 text-mut max-lg:hidden">
      {leaf === undefined ? (
        <span>{section.name}</span>
      ) : (
        <>
          <Link href={section.href(undefined)} className="hover:text-text">
            {section.name}
          </Link>
          <span className="text-dim">/</span>
          <span className="truncate text-text">
            <BrokerText text={fromUrlSegment(leaf)} maxLength={40} />
          </span>
        </>
      )}
    </nav>
  );
}
