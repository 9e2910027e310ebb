import { EntityPath, EntityQuery, EntityTopicsQuery, EntityTopicsView, EntityView } from "#lib/contracts/entities.ts";
import { getEntity } from "#lib/queries/entities.ts";
import { listEntityTopics } from "#lib/queries/entity-topics.ts";
import { route } from "../route.ts";

export const ENTITY_ROUTES = {
  "GET /api/entities": route({
    summary: "The topics in which a key occurs, with counts and the first and last event",
    role: "viewer",
    query: EntityTopicsQuery,
    answer: EntityTopicsView,
    handle: ({ queries }, { query }) => listEntityTopics(queries, query.key),
  }),
  "GET /api/entities/{key}": route({
    summary:
      "The events of one key in order (the last 500), and of one page of them body, state after, and what changed",
    role: "viewer",
    params: EntityPath,
    query: EntityQuery,
    answer: EntityView,
    handle: ({ queries, config }, { params, query }) => getEntity(queries, config.entities.rules, params.key, query),
  }),
} as const;
