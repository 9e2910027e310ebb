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

export type Method = "GET" | "POST" | "DELETE";
export type RoutePattern = `${Method} /${string}`;

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

export function splitPattern(pattern: RoutePattern): [method: string, path: string] {
  const space = pattern.indexOf(" ");
  return [pattern.slice(0, space), pattern.slice(space + 1)];
}

/** The pattern's names as the path fills them; null: another path. Broken escapes do not get past the front door. */
export function paramsOf(pattern: RoutePattern, pathname: string): Record<string, string> | null {
  const wanted = splitPattern(pattern)[1].split("/");
  const given = pathname.split("/");
  if (!fits(wanted, given)) return null;
  return Object.fromEntries(
    wanted.flatMap((part, i) =>
      part.startsWith("{") ? [[part.slice(1, -1), decodeURIComponent(given[i] ?? "")]] : [],
    ),
  );
}

/** The methods a path takes; none: there is no such path. */
export function methodsOf(patterns: readonly RoutePattern[], pathname: string): readonly string[] {
  const given = pathname.split("/");
  return patterns
    .map(splitPattern)
    .filter(([, path]) => fits(path.split("/"), given))
    .map(([method]) => method);
}

const fits = (wanted: readonly string[], given: readonly string[]): boolean =>
  wanted.length === given.length &&
  wanted.every((part, i) => (part.startsWith("{") ? given[i] !== "" : part === given[i]));
