import { z } from "zod";
import { retryMessage, silenceAlerts, testChannel, unsilenceAlerts } from "#lib/commands/alerts.ts";
import { publicUrlOf } from "#lib/config/public-url.ts";
import {
  AlertsQuery,
  AlertsView,
  DeliveriesQuery,
  DeliveriesView,
  DeliveryRow,
  SilenceInput,
  SilenceRow,
  TestAnswer,
} from "#lib/contracts/alerts.ts";
import { getAlerts, listDeliveries } from "#lib/queries/alerts.ts";
import { route } from "../route.ts";
import { actorOf, IdPath } from "./shared.ts";

const DeliveryPath = z.object({
  id: z
    .string()
    .regex(/^\d{1,18}$/, "must be a message's id")
    .transform(BigInt),
});
const ChannelPath = z.object({ name: z.string().min(1).max(100) });

export const ALERT_ROUTES = {
  "GET /api/alerts": route({
    summary: "Firing alerts, with rules, channels and silences",
    role: "viewer",
    query: AlertsQuery,
    answer: AlertsView,
    handle: ({ queries, config }, { query }) => getAlerts(queries, config.alerts, query),
  }),
  "GET /api/alerts/deliveries": route({
    summary: "Alert messages that were sent or are waiting, the latest first",
    role: "viewer",
    query: DeliveriesQuery,
    answer: DeliveriesView,
    handle: ({ queries }, { query }) => listDeliveries(queries, query),
  }),
  "POST /api/alerts/deliveries/{id}/retry": route({
    summary: "Sends an alert message again that was given up",
    role: "operator",
    params: DeliveryPath,
    answer: DeliveryRow,
    handle: ({ commands, queries }, { params, identity }) =>
      retryMessage(commands, params.id, actorOf(identity), queries.now()),
  }),
  "POST /api/alerts/silences": route({
    summary: "Silences some alerts for a while",
    role: "operator",
    body: SilenceInput,
    answer: SilenceRow,
    status: 201,
    handle: ({ commands, queries }, { body, identity }) =>
      silenceAlerts(commands, body, actorOf(identity), queries.now()),
  }),
  "DELETE /api/alerts/silences/{id}": route({
    summary: "Ends a silence",
    role: "operator",
    params: IdPath,
    answer: z.null(),
    status: 204,
    handle: async ({ commands, queries }, { params, identity }) => {
      const ended = await unsilenceAlerts(commands, params.id, actorOf(identity), queries.now());
      return ended.ok ? new Response(null, { status: 204, headers: { "cache-control": "no-store" } }) : ended;
    },
  }),
  "POST /api/alerts/channels/{name}/test": route({
    summary: "Sends a test to a channel, the way every alert goes",
    role: "operator",
    params: ChannelPath,
    answer: TestAnswer,
    status: 201,
    handle: ({ commands, queries, config }, { params, identity }) =>
      testChannel(commands, config.alerts, params.name, publicUrlOf(config.web), actorOf(identity), queries.now()),
  }),
} as const;
