import { z } from "zod";

/** Every refusal of the API: what is wrong, in words that say what to do, and where. */
export const AppErrorCode = z.enum([
  "invalid_input",
  "not_signed_in",
  "forbidden",
  "not_found",
  "conflict",
  "too_large",
  "too_many_requests",
  "broker_unreachable",
  "database_unreachable",
  "timed_out",
  "internal",
]);
export const ErrorBody = z
  .object({
    error: z.object({
      code: AppErrorCode,
      message: z.string(),
      fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    }),
  })
  .meta({ id: "Error" });

export type AppErrorCode = z.infer<typeof AppErrorCode>;
export interface AppError {
  readonly code: AppErrorCode;
  readonly message: string;
  readonly fields?: readonly { path: string; message: string }[];
}
