/**
 * One entry of the API: what a request may hold, what the answer holds, who may ask. The wrapper enforces it, the
 * OpenAPI document tells it.
 */
import type { z } from "zod";
import type { AppError } from "#lib/contracts/errors.ts";
import type { Role } from "#lib/contracts/session.ts";
import type { Result } from "#lib/domain/result.ts";
import type { Identity } from "./access.ts";
import type { Container } from "./container.ts";
import type { RoutePattern } from "./route-pattern.ts";

export interface Asked<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** null only where the route's role is `public` */
  readonly identity: Identity | null;
  readonly request: Request;
}

interface Shape<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType> {
  readonly summary: string;
  readonly role: "public" | Role;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** JSON by this schema; or what the answer is, when it is something else */
  readonly answer: A | { readonly contentType: string; readonly description: string };
  readonly status?: 200 | 201 | 204;
}

export interface Route extends Shape<z.ZodType, z.ZodType, z.ZodType, z.ZodType> {
  readonly pattern: RoutePattern;
  handle(container: Container, asked: Asked<unknown, unknown, unknown>): Promise<Result<unknown, AppError> | Response>;
}

/** Ties the handler's input and output to the schemas of its entry. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  shape: Shape<P, Q, B, A> & {
    handle(
      container: Container,
      asked: Asked<z.output<P>, z.output<Q>, z.output<B>>,
    ): Promise<Result<z.input<A>, AppError> | Response>;
  },
): Omit<Route, "pattern"> {
  // The wrapper parses by the entry's own schemas before it calls, so the handler gets what it was typed for.
  return shape;
}
