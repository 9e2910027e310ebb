/** The pages of the site: name, address, key and what is counted beside the name. */
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
import { compact } from "#components/ui/format.ts";
import { pages } from "#lib/client/routes.ts";
import type { Pulse } from "#lib/contracts/stream.ts";

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
