import { serve } from "#lib/web/serve.ts";

export const GET = serve("GET /api/publishers");
export const POST = serve("POST /api/publishers");
export const DELETE = serve("DELETE /api/publishers");
