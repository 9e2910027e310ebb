import { z } from "zod";
import { dropPublisherRule, takeOverPublishers } from "#lib/commands/publishers.ts";
import { PublisherRuleQuery, PublisherRulesInput, PublishersView } from "#lib/contracts/publishers.ts";
import type { AppError } from "#lib/contracts/errors.ts";
import type { Result } from "#lib/domain/result.ts";
import { getPublishers } from "#lib/queries/publishers.ts";
import { route } from "../route.ts";
import { actorOf } from "./shared.ts";

const noContent = (result: Result<null, AppError>): Response | Result<null, AppError> =>
  result.ok ? new Response(null, { status: 204, headers: { "cache-control": "no-store" } }) : result;

export const PUBLISHER_ROUTES = {
  "GET /api/publishers": route({
    summary: "Who seems to publish what, by the producers that wrote it, and what was taken over of that",
    role: "viewer",
    answer: PublishersView,
    handle: ({ queries }) => getPublishers(queries),
  }),
  "POST /api/publishers": route({
    summary: "Takes publishers over: they count like lines of the configuration from then on",
    role: "operator",
    body: PublisherRulesInput,
    answer: z.null(),
    status: 204,
    handle: async ({ commands }, { body, identity }) =>
      noContent(await takeOverPublishers(commands, body.rules, actorOf(identity))),
  }),
  "DELETE /api/publishers": route({
    summary: "Gives up what was taken over",
    role: "operator",
    query: PublisherRuleQuery,
    answer: z.null(),
    status: 204,
    handle: async ({ commands }, { query, identity }) =>
      noContent(await dropPublisherRule(commands, query, actorOf(identity))),
  }),
} as const;
