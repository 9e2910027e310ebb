import { serve } from "#lib/web/serve.ts";

export const POST = serve("POST /api/replays/{id}/choose");
