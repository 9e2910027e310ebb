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

function BadgeTag({ look, className }: { readonly look: Badge; readonly className?: string | undefined }) {
  const Icon = look.icon;
  return (
    <Tag tone={look.tone} className={className}>
      <Icon aria-hidden strokeWidth={2.5} {...(look.icon === Square && { fill: "currentColor" })} />
      {look.word}
    </Tag>
  );
}

/** A consumer group's or partition's verdict: icon, word and colour. */
export const VerdictTag = ({ verdict, className }: { readonly verdict: Verdict; readonly className?: string }) => (
  <BadgeTag look={VERDICT_BADGE[verdict]} className={className} />
);

/** What a node or edge of the flow graph is in. */
export const StateTag = ({ state, className }: { readonly state: HealthState; readonly className?: string }) => (
  <BadgeTag look={STATE_BADGE[state]} className={className} />
);
