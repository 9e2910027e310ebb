import type { z } from "zod";
import { onSite } from "./base-path.ts";
import { ErrorBody, type AppError, type AppErrorCode } from "#lib/contracts/errors.ts";

/**
 * An error answer of the API, or an answer that does not match the contract. `code` decides the next step that a page
 * offers, `fields` names the inputs to correct.
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

/** Calls the API and validates the answer by its schema. Rejects with ApiError, or AbortError if the signal aborts. */
export async function fetchJson<S extends z.ZodType>(
  url: string,
  schema: S,
  options: FetchOptions = {},
): Promise<z.output<S>> {
  const response = await send(url, options);
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw errorOf(response.status, body);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = `${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`;
  throw new ApiError({ code: "internal", message: `The answer was not understood: ${where}` }, response.status);
}

async function send(url: string, { signal, method = "GET", body }: FetchOptions): Promise<Response> {
  try {
    return await fetch(onSite(url), {
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

function errorOf(status: number, body: unknown): ApiError {
  const parsed = ErrorBody.safeParse(body);
  return parsed.success
    ? new ApiError(parsed.data.error, status)
    : new ApiError({ code: "internal", message: `Flowtap answered with status ${status}.` }, status);
}
