import { serve } from "#lib/web/serve.ts";

export const GET = serve("GET /api/replays/{id}/items/{seq}/edit");
export const POST = serve("POST /api/replays/{id}/items/{seq}/edit");
export const DELETE = serve("DELETE /api/replays/{id}/items/{seq}/edit");
