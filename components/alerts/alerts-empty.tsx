import { Card } from "#components/ui/card.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { AlertIcon } from "./alert-badges.ts";

/** Rules that most teams start with. */
const EXAMPLE = `alerts:
  channels:
    - { name: team-chat, kind: slack, url: "\${SLACK_WEBHOOK_URL}" }
    - { name: on-call, kind: pagerduty, routingKey: "\${PAGERDUTY_KEY}" }
  rules:
    - name: Stuck consumer
      severity: critical
      when: { verdict: [stopped, stalled, rewound] }
      for: 2m
      channels: [on-call, team-chat]
    - name: Data will be lost
      severity: critical
      when: { dataLossWithin: 6h }
      for: 1m
      channels: [on-call, team-chat]
    - name: Ten minutes behind
      when: { timeLagAbove: 10m }
      for: 5m
      channels: [team-chat]
    - name: Cluster unreachable
      severity: critical
      when: { clusterUnreachable: true }
      for: 1m
      channels: [on-call, team-chat]
    - name: Dead letters
      when: { deadLettersPerMinuteAbove: 10 }
      for: 1m
      channels: [team-chat]
`;

/** Shown without rules and channels: a configuration to paste. */
export const AlertsEmpty = () => (
  <Card className="mx-auto w-full max-w-3xl">
    <div className="flex flex-col items-center gap-2 px-6 pt-10 pb-5 text-center">
      <span className="mb-1 grid size-10 place-items-center rounded-lg border bg-raise text-mut">
        <AlertIcon aria-hidden className="size-5" strokeWidth={1.5} />
      </span>
      <p className="text-base font-medium">No alerts configured</p>
      <p className="max-w-lg text-mut">
        Add rules and channels to Flowtap’s configuration file, then restart tap and web. Secrets stay in the
        environment. Supported channels: webhooks, Slack, Mattermost, Discord, email and PagerDuty.
      </p>
    </div>
    <div className="relative mx-4 mb-4 rounded-md border bg-bg">
      <CopyButton className="absolute top-2 right-2" value={EXAMPLE} label="Copy" />
      <pre
        tabIndex={0}
        aria-label="Example configuration"
        className="overflow-x-auto p-4 font-mono text-xs leading-relaxed"
      >
        {EXAMPLE}
      </pre>
    </div>
  </Card>
);
