import {
  Check,
  CircleHelp,
  Hourglass,
  OctagonAlert,
  Rewind,
  Square,
  TriangleAlert,
  type LucideIcon,
} from "lucide-react";
import type { HealthState, Verdict } from "#lib/contracts/common.ts";
import { Tag, type Tone } from "./tag.tsx";

interface Badge {
  readonly tone: Tone;
  readonly word: string;
  readonly icon: LucideIcon;
}

export const VERDICT_BADGE: Readonly<Record<Verdict, Badge>> = {
  ok: { tone: "ok", word: "OK", icon: Check },
  warning: { tone: "warn", word: "LAGGING", icon: TriangleAlert },
  stopped: { tone: "bad", word: "STOPPED", icon: Square },
  stalled: { tone: "bad", word: "STUCK", icon: Square },
  rewound: { tone: "warn", word: "REWOUND", icon: Rewind },
  unknown: { tone: "neutral", word: "UNKNOWN", icon: CircleHelp },
};

const STATE_BADGE: Readonly<Record<HealthState, Badge>> = {
  normal: { tone: "ok", word: "NORMAL", icon: Check },
  lagging: { tone: "warn", word: "LAGGING", icon: Hourglass },
  failing: { tone: "bad", word: "FAILING", icon: OctagonAlert },
  stuck: { tone: "bad", word: "STUCK", icon: Square },
  unknown: { tone: "neutral", word: "UNKNOWN", icon: CircleHelp },
};

function BadgeTag({ badge, className }: { readonly badge: Badge; readonly className?: string | undefined }) {
  const Icon = badge.icon;
  return (
    <Tag tone={badge.tone} className={className}>
      <Icon aria-hidden strokeWidth={2.5} {...(badge.icon === Square && { fill: "currentColor" })} />
      {badge.word}
    </Tag>
  );
}

/** A consumer group's or partition's verdict: icon, word and colour. */
export const VerdictTag = ({ verdict, className }: { readonly verdict: Verdict; readonly className?: string }) => (
  <BadgeTag badge={VERDICT_BADGE[verdict]} className={className} />
);

/** The state of a node or an edge of the flow graph. */
export const StateTag = ({ state, className }: { readonly state: HealthState; readonly className?: string }) => (
  <BadgeTag badge={STATE_BADGE[state]} className={className} />
);
