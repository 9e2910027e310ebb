import type { AppError, AppErrorCode } from "#lib/contracts/errors.ts";

const STATUS_OF = {
  invalid_input: 422,
  not_signed_in: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  too_many_requests: 429,
  broker_unreachable: 503,
  database_unreachable: 503,
  timed_out: 504,
  internal: 500,
} as const satisfies Record<AppErrorCode, number>;

const API_HEADERS = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" } as const;

export function jsonResponse(
  value: unknown,
  init: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  return new Response(JSON.stringify(value), {
    status: init.status ?? 200,
    headers: { ...API_HEADERS, ...init.headers },
  });
}

export function errorResponse(error: AppError, headers: Readonly<Record<string, string>> = {}): Response {
  return jsonResponse({ error }, { status: STATUS_OF[error.code], headers });
}
