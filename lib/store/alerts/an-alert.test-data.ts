import type { AlertMessage } from "#lib/domain/alert/message.ts";
import type { AlertLife } from "#lib/domain/alert/state.ts";
import type { AlertWrite } from "./alerts-write.ts";
import type { NewDelivery } from "./outbox.ts";

export const NOW = Date.now();
export const OPERATOR = { name: "ops", role: "operator" } as const;

export const message: AlertMessage = {
  kind: "firing",
  rule: "stuck",
  severity: "critical",
  title: "t",
  sentence: "s",
  url: "u",
  total: 1,
  alerts: [],
};

export const aDelivery = (change: Partial<NewDelivery> = {}): NewDelivery => ({
  channel: "ops",
  kind: "firing",
  dedupKey: "k",
  alertIds: [1],
  message,
  status: "pending",
  dueAt: new Date(0),
  ...change,
});

const life = (change: Partial<AlertLife> = {}): AlertLife => ({
  state: "pending",
  pendingAtMs: NOW,
  firedAtMs: null,
  clearedAtMs: null,
  resolvedAtMs: null,
  ...change,
});

export const anAlert = (change: Partial<AlertWrite> = {}): AlertWrite => ({
  id: null,
  rule: "stuck",
  clusterId: 1,
  subject: "payments",
  life: life(),
  severity: "critical",
  detail: {
    about: "group",
    cluster: "prod",
    group: "payments",
    verdict: "stalled",
    cause: null,
    title: "t",
    sentence: 'it\'s "so"\\',
    facts: [],
    incidentId: null,
  },
  ...change,
});
export const firing = (change: Partial<AlertLife> = {}) => life({ state: "firing", firedAtMs: NOW, ...change });
