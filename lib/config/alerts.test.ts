import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AlertsConfig } from "./alerts.ts";

const HOOK = { name: "ops", kind: "webhook", url: "https://ops.example/hook" };
const RULE = { name: "stuck", when: { verdict: ["stalled"] }, channels: ["ops"] };
const faultsOf = (alerts: unknown): string[] => {
  const parsed = AlertsConfig.safeParse(alerts);
  return parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
};
const withRule = (change: object) => ({ channels: [HOOK], rules: [{ ...RULE, ...change }] });

describe("alerts in the configuration", () => {
  it("are off where nothing is configured", () => {
    assert.deepEqual(AlertsConfig.parse({}), { channels: [], rules: [], groupWaitSeconds: 15, repeatHours: 4 });
  });

  it("fills in what a rule leaves out", () => {
    const { rules } = AlertsConfig.parse(withRule({}));
    assert.deepEqual(rules, [
      {
        name: "stuck",
        severity: "warning",
        group: "*",
        cluster: "*",
        when: { kind: "verdict", verdicts: ["stalled"] },
        forMs: 120_000,
        channels: ["ops"],
      },
    ]);
  });

  it("takes one channel without brackets", () => {
    assert.deepEqual(AlertsConfig.parse(withRule({ channels: "ops" })).rules[0]?.channels, ["ops"]);
  });

  for (const [when, expected] of [
    [{ cause: ["poison_event", "hung_member"] }, { kind: "cause", causes: ["poison_event", "hung_member"] }],
    [{ timeLagAbove: "10m" }, { kind: "timeLagAbove", ms: 600_000 }],
    [{ lagAbove: 0 }, { kind: "lagAbove", messages: 0 }],
    [{ dataLossWithin: "6h" }, { kind: "dataLossWithin", ms: 21_600_000 }],
    [{ deadLettersPerMinuteAbove: 10 }, { kind: "deadLettersPerMinuteAbove", events: 10 }],
    [{ clusterUnreachable: true }, { kind: "clusterUnreachable" }],
  ] as const) {
    it(`reads ${JSON.stringify(when)}`, () =>
      assert.deepEqual(AlertsConfig.parse(withRule({ when })).rules[0]?.when, expected));
  }

  it("knows the ports of mail", () => {
    const mail = (smtp: object) =>
      AlertsConfig.parse({
        channels: [
          {
            name: "m",
            kind: "email",
            smtp: { host: "mx", ...smtp },
            from: "Flowtap <f@x.example>",
            to: ["a@x.example"],
          },
        ],
      }).channels[0];
    assert.deepEqual(
      [{}, { security: "tls" }, { security: "none" }, { port: 2525 }].map((smtp) => {
        const channel = mail(smtp);
        return channel?.kind === "email" ? channel.smtp.port : null;
      }),
      [587, 465, 25, 2525],
    );
  });

  for (const [why, alerts, fault] of [
    [
      "a rule names a channel that is not there",
      { channels: [HOOK], rules: [{ ...RULE, channels: ["ops", "opps"] }] },
      /rules\.0\.channels\.1: names the channel "opps".*there are: ops/,
    ],
    [
      "two rules share a name",
      { channels: [HOOK], rules: [RULE, RULE] },
      /rules\.1\.name: "stuck" is the name of another/,
    ],
    ["two channels share a name", { channels: [HOOK, HOOK] }, /channels\.1\.name/],
    ["a span has no unit", withRule({ for: "10" }), /rules\.0\.for: must be a span/],
    [
      "a span inside a condition has no unit",
      withRule({ when: { timeLagAbove: "soon" } }),
      /rules\.0\.when\.timeLagAbove: must be a span/,
    ],
    ["a glob is a regular expression", withRule({ group: "^payments-.*$" }), /rules\.0\.group: is a glob/],
    ["a rule has no condition", withRule({ when: {} }), /rules\.0\.when: must name exactly one of verdict, cause/],
    [
      "a rule has two conditions",
      withRule({ when: { lagAbove: 1, timeLagAbove: "1m" } }),
      /rules\.0\.when: must name exactly one/,
    ],
    ["a condition is not known", withRule({ when: { lagOver: 1 } }), /lagOver/],
    ["a verdict is not known", withRule({ when: { verdict: ["bad"] } }), /rules\.0\.when\.verdict\.0/],
    ["a cause is not known", withRule({ when: { cause: ["gremlins"] } }), /rules\.0\.when\.cause\.0/],
    [
      "a rule about clusters names a group",
      withRule({ when: { clusterUnreachable: true }, group: "pay*" }),
      /rules\.0\.group: is for rules about groups/,
    ],
    [
      "a rule asks for a cluster that can be reached",
      withRule({ when: { clusterUnreachable: false } }),
      /rules\.0\.when\.clusterUnreachable/,
    ],
    ["a rule has no channel", withRule({ channels: [] }), /rules\.0\.channels/],
    [
      "an address is no web address",
      { channels: [{ ...HOOK, url: "ftp://x" }] },
      /channels\.0\.url: must be an address/,
    ],
    [
      "a header breaks its line",
      { channels: [{ ...HOOK, headers: { "x-a": "1\r\nx-b: 2" } }] },
      /channels\.0\.headers\.x-a: may hold no line breaks/,
    ],
    [
      "Discord is addressed as itself",
      { channels: [{ name: "d", kind: "slack", url: "https://discord.com/api/webhooks/1/t" }] },
      /must end with \/slack/,
    ],
    [
      "mail has a user and no password",
      {
        channels: [
          { name: "m", kind: "email", smtp: { host: "mx", user: "u" }, from: "f@x.example", to: ["a@x.example"] },
        ],
      },
      /smtp: needs both/,
    ],
    [
      "a recipient is none",
      {
        channels: [
          {
            name: "m",
            kind: "email",
            smtp: { host: "mx" },
            from: "f@x.example",
            to: ["a@x.example\r\nBcc: b@x.example"],
          },
        ],
      },
      /channels\.0\.to\.0/,
    ],
    ["there is no list of channels", { channels: 7, rules: { a: 1 } }, /channels: [^]*rules: /],
    ["a channel's kind is not known", { channels: [{ name: "x", kind: "pigeon" }] }, /channels\.0\.kind/],
  ] as const) {
    it(`says where ${why}`, () => assert.match(faultsOf(alerts).join("\n"), fault));
  }

  it("lists the faults of channels and rules together", () => {
    const faults = faultsOf({
      channels: [HOOK, { ...HOOK, url: "x" }, null],
      rules: [{ ...RULE, for: "1y", group: "" }, { ...RULE, channels: ["opps"] }, 7],
    });
    for (const path of [
      "channels.1.url",
      "channels.1.name",
      "channels.2",
      "rules.0.for",
      "rules.0.group",
      "rules.1.channels.0",
      "rules.1.name",
      "rules.2",
    ])
      assert.ok(
        faults.some((fault) => fault.startsWith(`${path}:`)),
        `${path} in ${faults.join("; ")}`,
      );
  });
});
