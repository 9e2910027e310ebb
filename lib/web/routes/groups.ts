import { z } from "zod";
import { forgetView, keepView } from "#lib/commands/saved-views.ts";
import { GroupQuery, GroupsQuery, GroupsView, GroupView } from "#lib/contracts/groups.ts";
import { IncidentsQuery, IncidentsView, IncidentView } from "#lib/contracts/incidents.ts";
import { SavedView, SavedViewInput, SavedViewsQuery, SavedViewsView } from "#lib/contracts/views.ts";
import { ok } from "#lib/domain/result.ts";
import { getGroup } from "#lib/queries/group.ts";
import { listGroups } from "#lib/queries/groups.ts";
import { getIncident, listIncidents } from "#lib/queries/incidents.ts";
import { readSavedViews } from "#lib/store/saved-views.ts";
import { incidentReport } from "../incident-report.ts";
import { route } from "../route.ts";
import { actorOf, GroupPath, IdPath, openedAt } from "./shared.ts";

export const GROUP_ROUTES = {
  "GET /api/groups": route({
    summary: "Consumer groups, worst first",
    role: "viewer",
    query: GroupsQuery,
    answer: GroupsView,
    handle: ({ queries }, { query }) => listGroups(queries, query),
  }),
  "GET /api/groups/{cluster}/{group}": route({
    summary: "One consumer group, now or as it was",
    role: "viewer",
    params: GroupPath,
    query: GroupQuery,
    answer: GroupView,
    handle: ({ queries }, { params, query }) => getGroup(queries, { ...params, query }),
  }),
  "GET /api/incidents": route({
    summary: "Incidents of groups, the latest first",
    role: "viewer",
    query: IncidentsQuery,
    answer: IncidentsView,
    handle: ({ queries }, { query }) => listIncidents(queries, query),
  }),
  "GET /api/incidents/{id}": route({
    summary: "One incident with its findings, and the group's charts around it",
    role: "viewer",
    params: IdPath,
    answer: IncidentView,
    handle: ({ queries }, { params }) => getIncident(queries, params.id),
  }),
  "GET /api/incidents/{id}/report": route({
    summary: "One incident as a report in Markdown",
    role: "viewer",
    params: IdPath,
    answer: {
      contentType: "text/markdown",
      description: "what happened, when, the evidence, and links that open the pages at that moment",
    },
    handle: async ({ queries, config }, { params, request }) => {
      const found = await getIncident(queries, params.id);
      if (!found.ok) return found;
      return new Response(incidentReport(found.value, openedAt(request, config.web.publicUrl)), {
        headers: {
          "content-type": "text/markdown; charset=utf-8",
          "cache-control": "no-store",
          "content-disposition": `inline; filename="incident-${params.id}.md"`,
        },
      });
    },
  }),
  "GET /api/views": route({
    summary: "Saved filters of a list",
    role: "viewer",
    query: SavedViewsQuery,
    answer: SavedViewsView,
    handle: async ({ queries }, { query }) => ok({ items: await readSavedViews(queries.prisma, query.page) }),
  }),
  "POST /api/views": route({
    summary: "Saves a list's filters under a name",
    role: "operator",
    body: SavedViewInput,
    answer: SavedView,
    status: 201,
    handle: ({ commands }, { body, identity }) => keepView(commands, body, actorOf(identity)),
  }),
  "DELETE /api/views/{id}": route({
    summary: "Deletes a saved view",
    role: "operator",
    params: IdPath,
    answer: z.null(),
    status: 204,
    handle: async ({ commands }, { params, identity }) => {
      const forgotten = await forgetView(commands, params.id, actorOf(identity));
      return forgotten.ok ? new Response(null, { status: 204, headers: { "cache-control": "no-store" } }) : forgotten;
    },
  }),
} as const;
