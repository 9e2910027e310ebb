import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { durationMs, plural } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { AlertRuleRow, AlertsView } from "#lib/contracts/alerts.ts";
import { SEVERITY_BADGE } from "./alert-badges.ts";

/** The configured rules and the state of each. */
export const RulesCard = ({ view }: { readonly view: AlertsView }) => (
  <Card aria-label="Rules">
    <CardHeader title="Rules">from the configuration</CardHeader>
    {view.rules.length === 0 ? (
      <p className="border-t px-3.5 py-3 text-mut">No rules yet. Channels send nothing without rules.</p>
    ) : (
      <ul>
        {view.rules.map((rule) => (
          <li key={rule.name} className="border-t px-3.5 py-2.5">
            <p className="flex flex-wrap items-center gap-2">
              <span className="min-w-0 truncate font-medium">{rule.name}</span>
              <Tag>{SEVERITY_BADGE[rule.severity].word}</Tag>
              <span className="ml-auto">
                <State rule={rule} />
              </span>
            </p>
            <p className="mt-0.5 text-mut">
              {rule.when}
              {rule.forMs > 0 && ` for ${durationMs(rule.forMs)}`}
            </p>
            <p className="mt-0.5 truncate text-xs text-dim">
              {scopeOf(rule)} → {rule.channels.join(", ")}
              {rule.lastFiredAt !== null && rule.firing === 0 && (
                <>
                  {" "}
                  · last fired <RelativeTime at={rule.lastFiredAt} />
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    )}
    {view.rules.length > 0 && (
      <p className="border-t px-3.5 py-2 text-xs text-dim">
        Alerts that start within {plural(view.groupWaitSeconds, "second")} are sent in one message. Firing alerts are
        repeated every {durationMs(view.repeatHours * 3_600_000)}.
      </p>
    )}
  </Card>
);

function scopeOf({ about, group, cluster }: AlertRuleRow) {
  if (about === "cluster")
    return cluster === "*" ? "all clusters" : <BrokerText text={cluster} className="font-mono" maxLength={60} />;
  return (
    <>
      {group === "*" ? "all groups" : <BrokerText text={group} className="font-mono" maxLength={60} />}
      {cluster !== "*" && (
        <>
          {" "}
          on <span className="font-mono">{cluster}</span>
        </>
      )}
    </>
  );
}

function State({ rule }: { readonly rule: AlertRuleRow }) {
  if (rule.firing > 0)
    return <Tag tone={SEVERITY_BADGE[rule.severity].tone}>{rule.firing.toLocaleString("en-US")} FIRING</Tag>;
  if (rule.pending > 0) return <Tag>{rule.pending.toLocaleString("en-US")} PENDING</Tag>;
  return <span className="text-xs text-ok">✓ not firing</span>;
}
