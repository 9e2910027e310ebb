import { z } from "zod";
import { cancelReplay, pauseReplay, resumeReplay, runReplay } from "#lib/commands/change-replay.ts";
import { chooseReplayItems } from "#lib/commands/choose-items.ts";
import { editReplayItem, getItemEdit } from "#lib/commands/edit-item.ts";
import { planReplay } from "#lib/commands/plan-replay.ts";
import { planUndo } from "#lib/commands/undo-reset.ts";
import { ReplayChoiceInput, ReplayItemEdit } from "#lib/contracts/replay-draft.ts";
import { ReplayPlanInput, ReplayRunInput } from "#lib/contracts/replay-input.ts";
import {
  ReplayItemEditView,
  ReplayExportQuery,
  ReplayQuery,
  ReplaysQuery,
  ReplaysView,
  ReplayView,
} from "#lib/contracts/replays.ts";
import { exportReplay } from "#lib/queries/replay-export.ts";
import { getReplay, listReplays } from "#lib/queries/replays.ts";
import { route } from "../route.ts";
import { textStream } from "../text-stream.ts";
import { actorOf, IdPath } from "./shared.ts";

const ItemPath = IdPath.extend({
  seq: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1),
});
const WhyInput = z.object({ reason: z.string().trim().max(500).nullish() });

export const REPLAY_ROUTES = {
  "GET /api/replays": route({
    summary: "Replays, the latest first",
    role: "viewer",
    query: ReplaysQuery,
    answer: ReplaysView,
    handle: ({ queries }, { query }) => listReplays(queries, query),
  }),
  "POST /api/replays": route({
    summary: "Plans a replay and previews it; nothing is sent",
    role: "operator",
    body: ReplayPlanInput,
    answer: ReplayView,
    status: 201,
    handle: ({ commands }, { body, identity }) => planReplay(commands, body, actorOf(identity)),
  }),
  "GET /api/replays/{id}": route({
    summary: "One replay with its items and their outcomes",
    role: "viewer",
    params: IdPath,
    query: ReplayQuery,
    answer: ReplayView,
    handle: ({ queries }, { params, query }) => getReplay(queries, params.id, query),
  }),
  "GET /api/replays/{id}/export": route({
    summary: "One replay with all its items, as a file",
    role: "viewer",
    params: IdPath,
    query: ReplayExportQuery,
    answer: {
      contentType: "text/csv",
      description: "a line for each item, or each partition of a reset; with `format=json` one JSON document",
    },
    handle: async ({ queries }, { params, query: { format } }) => {
      const found = await exportReplay(queries, params.id, format);
      if (!found.ok) return found;
      return new Response(textStream(found.value), {
        headers: {
          "content-type": format === "csv" ? "text/csv; charset=utf-8" : "application/json",
          "cache-control": "no-store",
          "content-disposition": `attachment; filename="replay-${params.id}.${format}"`,
        },
      });
    },
  }),
  "POST /api/replays/{id}/run": route({
    summary: "Runs a planned replay",
    role: "operator",
    params: IdPath,
    body: ReplayRunInput,
    answer: ReplayView,
    handle: ({ commands }, { params, body, identity }) =>
      runReplay(commands, params.id, body.reason, actorOf(identity), body),
  }),
  "POST /api/replays/{id}/undo": route({
    summary: "Plans to undo this reset or skip; nothing is moved",
    role: "operator",
    params: IdPath,
    answer: ReplayView,
    status: 201,
    handle: ({ commands }, { params, identity }) => planUndo(commands, params.id, actorOf(identity)),
  }),
  "POST /api/replays/{id}/choose": route({
    summary: "Chooses which events of a draft are sent",
    role: "operator",
    params: IdPath,
    body: ReplayChoiceInput,
    answer: ReplayView,
    handle: ({ commands }, { params, body, identity }) =>
      chooseReplayItems(commands, params.id, body, actorOf(identity)),
  }),
  "GET /api/replays/{id}/items/{seq}/edit": route({
    summary: "The edits of one item",
    role: "viewer",
    params: ItemPath,
    answer: ReplayItemEditView,
    handle: ({ commands }, { params }) => getItemEdit(commands, params),
  }),
  "POST /api/replays/{id}/items/{seq}/edit": route({
    summary: "Edits one item of a draft; the dead letter itself stays as it is",
    role: "operator",
    params: ItemPath,
    body: ReplayItemEdit,
    answer: ReplayItemEditView,
    handle: ({ commands }, { params, body, identity }) => editReplayItem(commands, params, body, actorOf(identity)),
  }),
  "DELETE /api/replays/{id}/items/{seq}/edit": route({
    summary: "Removes the edit of one item",
    role: "operator",
    params: ItemPath,
    answer: ReplayItemEditView,
    handle: ({ commands }, { params, identity }) => editReplayItem(commands, params, null, actorOf(identity)),
  }),
  "POST /api/replays/{id}/pause": route({
    summary: "Pauses a redrive after the batch under way",
    role: "operator",
    params: IdPath,
    body: WhyInput,
    answer: ReplayView,
    handle: ({ commands }, { params, body, identity }) =>
      pauseReplay(commands, params.id, body.reason || null, actorOf(identity)),
  }),
  "POST /api/replays/{id}/resume": route({
    summary: "Resumes a paused redrive, also after it paused by itself",
    role: "operator",
    params: IdPath,
    body: WhyInput,
    answer: ReplayView,
    handle: ({ commands }, { params, body, identity }) =>
      resumeReplay(commands, params.id, body.reason || null, actorOf(identity)),
  }),
  "POST /api/replays/{id}/cancel": route({
    summary: "Stops a replay after the batch under way",
    role: "operator",
    params: IdPath,
    body: WhyInput,
    answer: ReplayView,
    handle: ({ commands }, { params, body, identity }) =>
      cancelReplay(commands, params.id, body.reason || null, actorOf(identity)),
  }),
} as const;
