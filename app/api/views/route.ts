import { serve } from "#lib/web/serve.ts";

export const GET = serve("GET /api/views");
export const POST = serve("POST /api/views");
