import { serve } from "#lib/web/serve.ts";

export const GET = serve("GET /api/session");
export const POST = serve("POST /api/session");
export const DELETE = serve("DELETE /api/session");
