import { serve } from "#lib/web/serve.ts";

export const GET = serve("GET /api/flow/nodes");
