/** Rules and channels of every kind, for the test of alerts. */

export const SECRET = "signing-secret";
/**
 * Groups that a test lets get stuck last: once their message has arrived, one about anything earlier would have arrived
 * before it.
 */
export const LATER = ["after-firing", "after-silence"] as const;

export function alertConfig(webUrl: string, mailPort: number): object {
  const rule = (group: string, channels: string[], more: object = {}) => ({
    name: `${group} stuck`,
    severity: "critical",
    group,
    when: { verdict: ["stalled"] },
    for: "0s",
    channels,
    ...more,
  });
  return {
    clusters: [{ name: "test", brokers: ["127.0.0.1:9"] }],
    web: { publicUrl: "https://flowtap.example/" },
    alerts: {
      groupWaitSeconds: 3,
      channels: [
        { name: "hook", kind: "webhook", url: `${webUrl}/hook`, headers: { "x-team": "ops" }, secret: SECRET },
        { name: "chat", kind: "slack", url: `${webUrl}/chat` },
        { name: "pager", kind: "pagerduty", routingKey: "routing-key", url: `${webUrl}/pager` },
        {
          name: "mail",
          kind: "email",
          smtp: { host: "127.0.0.1", port: mailPort, security: "none", user: "flowtap", password: "s3cret" },
          from: "Flowtap <flowtap@example.com>",
          to: ["on-call@example.com"],
        },
        {
          name: "login",
          kind: "email",
          smtp: { host: "127.0.0.1", port: mailPort, security: "none", user: "flowtap", password: "guess" },
          from: "flowtap@example.com",
          to: ["on-call@example.com"],
        },
        ...["slow", "refused", "quiet", "killed", "ambiguous", "hanging", "cluster", ...LATER].map((name) => ({
          name,
          kind: "webhook",
          url: `${webUrl}/${name}`,
        })),
      ],
      rules: [
        {
          name: "stuck consumers",
          severity: "critical",
          group: "*",
          when: { cause: ["poison_event"] },
          for: "0s",
          channels: ["hook", "chat", "pager", "mail"],
        },
        ...["slow", "refused", "quiet", "killed", "ambiguous", "hanging", ...LATER].map((name) => rule(name, [name])),
        {
          name: "cluster away",
          severity: "critical",
          when: { clusterUnreachable: true },
          for: "2s",
          channels: ["cluster"],
        },
      ],
    },
  };
}
