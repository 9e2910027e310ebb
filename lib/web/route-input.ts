/** The input of a route: path, query and body, parsed and checked against its schemas. */
import type { z } from "zod";
import type { AppError } from "#lib/contracts/errors.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import { basePath } from "#lib/client/base-path.ts";
import { withoutBase } from "./base.ts";
import { paramsOf } from "./route-pattern.ts";
import type { Route } from "./route.ts";

const MAX_BODY_BYTES = 256 * 1024;
const MAX_QUERY_CHARS = 4096;
type Checked<T> = Result<T, AppError>;

export async function parse(
  route: Route,
  request: Request,
): Promise<Checked<{ params: unknown; query: unknown; body: unknown }>> {
  const url = new URL(request.url);
  if (url.search.length > MAX_QUERY_CHARS)
    return err({ code: "too_large", message: `The query string may have ${MAX_QUERY_CHARS} characters at most.` });
  const params = through(route.params, paramsOf(route.pattern, withoutBase(url.pathname, basePath())) ?? {}, "path");
  if (!params.ok) return params;
  const query = through(route.query, Object.fromEntries(url.searchParams), "query");
  if (!query.ok) return query;
  if (route.body === undefined) return ok({ params: params.value, query: query.value, body: undefined });
  const json = await readJson(request);
  if (!json.ok) return json;
  const body = through(route.body, json.value, "body");
  return body.ok ? ok({ params: params.value, query: query.value, body: body.value }) : body;
}

function through(schema: z.ZodType | undefined, value: unknown, where: string): Checked<unknown> {
  if (schema === undefined) return ok(undefined);
  if (holdsNul(value))
    return err({
      code: "invalid_input",
      message: `The ${where} holds a NUL character, which nothing Flowtap keeps holds. Leave it out.`,
    });
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const fields = parsed.error.issues
    .slice(0, 50)
    .map((issue) => ({ path: issue.path.join(".") || where, message: issue.message }));
  return err({
    code: "invalid_input",
    message: `The ${where} is not what this address takes: ${fields[0]?.path ?? ""}: ${fields[0]?.message ?? ""}`,
    fields,
  });
}

/** Postgres takes no NUL in any text. */
function holdsNul(value: unknown): boolean {
  if (typeof value === "string") return value.includes("\0");
  return typeof value === "object" && value !== null && Object.values(value).some(holdsNul);
}

/** No body at all is an empty one: some writes have nothing to say. */

async function readJson(request: Request): Promise<Checked<unknown>> {
  if (request.body === null || (!request.headers.has("content-type") && request.headers.get("content-length") === "0"))
    return ok({});
  if (!/^application\/json\b/i.test(request.headers.get("content-type") ?? ""))
    return err({ code: "invalid_input", message: "Send the body as application/json." });
  const tooLarge = err({
    code: "too_large",
    message: `The body may have ${MAX_BODY_BYTES / 1024} KiB at most.`,
  } as const);
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return tooLarge;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Read by hand: a body without content-length must not be taken in whole first.
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return tooLarge;
    chunks.push(chunk);
  }
  try {
    return ok(JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown);
  } catch (error) {
    return err({
      code: "invalid_input",
      message: `The body is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}
