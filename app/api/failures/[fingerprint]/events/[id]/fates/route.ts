import { serve } from "#lib/web/serve.ts";

export const GET = serve("GET /api/failures/{fingerprint}/events/{id}/fates");
