import { serve } from "#lib/web/serve.ts";

export const DELETE = serve("DELETE /api/alerts/silences/{id}");
