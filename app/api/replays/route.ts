import { serve } from "#lib/web/serve.ts";

export const GET = serve("GET /api/replays");
export const POST = serve("POST /api/replays");
