import { GroupQuery, GroupsQuery, GroupsView, GroupView } from "#lib/contracts/groups.ts";
import { getGroup } from "#lib/queries/group.ts";
import { listGroups } from "#lib/queries/groups.ts";
import { route } from "../route.ts";
import { GroupPath } from "./shared.ts";

export const GROUP_ROUTES = {
  "GET /api/groups": route({ summary: "Consumer groups, worst first", role: "viewer", query: GroupsQuery, answer: GroupsView, handle: ({ queries }, { query }) => listGroups(queries, query) }),
  "GET /api/groups/{cluster}/{group}": route({ summary: "One consumer group", role: "viewer", params: GroupPath, query: GroupQuery, answer: GroupView, handle: ({ queries }, { params, query }) => getGroup(queries, { ...params, query }) }),
} as const;
