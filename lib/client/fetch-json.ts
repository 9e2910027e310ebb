import type { z } from "zod";
import { ErrorBody, type AppError, type AppErrorCode } from "#lib/contracts/errors.ts";

/**
 * A refusal of the API, or an answer that is not what the contract says. `code` tells people's next step, `fields`
 * which inputs to mend.
 */
export class ApiError extends Error implements AppError {
  override readonly name = "ApiError";
  readonly code: AppErrorCode;
  readonly status: number;
  readonly fields: AppError["fields"];

  constructor(error: AppError, status: number) {
    super(error.message);
    this.code = error.code;
    this.status = status;
    this.fields = error.fields;
  }
}

export interface FetchOptions {
  readonly signal?: AbortSignal;
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly body?: unknown;
}

/**
 * Asks the API and lets the answer in only through its schema. Rejects with ApiError, and with AbortError when
 * the signal aborts.
 */
export async function fetchJson<S extends z.ZodType>(
  url: string,
  schema: S,
  options: FetchOptions = {},
): Promise<z.output<S>> {
  const response = await send(url, options);
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw refusal(response.status, body);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ApiError(
    {
      code: "internal",
      message: `The answer was not understood: ${parsed.error.issues[0]?.path.join(".") ?? ""} ${parsed.error.issues[0]?.message ?? ""}`,
    },
    response.status,
  );
}

async function send(url: string, { signal, method = "GET", body }: FetchOptions): Promise<Response> {
  try {
    return await fetch(url, {
      method,
      signal: signal ?? null,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(
      {
        code: "internal",
        message: "Flowtap does not answer. Is its web process running, and can this browser reach it?",
      },
      0,
    );
  }
}

function refusal(status: number, body: unknown): ApiError {
  const parsed = ErrorBody.safeParse(body);
  return parsed.success
    ? new ApiError(parsed.data.error, status)
    : new ApiError({ code: "internal", message: `Flowtap answered with status ${status}.` }, status);
}
