import "server-only";
import { container } from "./container.ts";
import type { RouteKey } from "./route-table.ts";

/** The handler of one entry of the route table, for its file under app/api. */
export const serve =
  (key: RouteKey) =>
  (request: Request): Promise<Response> =>
    container().serve(key, request);
