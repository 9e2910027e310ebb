/**
 * Everything that comes in passes here before Next sees it: whose name it used, who asks, what the
 * answer's page may do.
 */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { servedUnder } from "#lib/config/base-path.ts";
import { withBase, withoutBase } from "./base.ts";
import { closedPage, comeAgainPage } from "./bare-pages.ts";
import type { Container } from "./container.ts";
import { contentSecurityPolicy, FIXED_HEADERS } from "./csp.ts";
import { errorResponse } from "./error-response.ts";
import { openForwarded } from "./forwarded.ts";
import { CLIENT_ADDRESS, DOCUMENT, isOurHost } from "./origin.ts";
import { patternsOf, splitPattern } from "./route-pattern.ts";
import { isStream, ROUTE_KEYS } from "./route-table.ts";

const MAX_URL_CHARS = 8192;
const API = /^\/(?:api(?:\/|$)|metrics$)/;
/** Files with nothing in them but the program itself. */
const OPEN_FILES = /^\/(?:_next\/static\/.+|favicon\.ico|icon\.svg)$/;
const SIGN_IN = "/sign-in";

export interface FrontDoor {
  readonly container: Pick<Container, "access" | "config" | "wrongTokens">;
  readonly next: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly dev: boolean;
}

export function openFrontDoor({ container: { access, config, wrongTokens }, next, dev }: FrontDoor): RequestListener {
  const names = [
    config.web.host,
    ...(config.web.publicUrl === undefined ? [] : [new URL(config.web.publicUrl).hostname]),
  ].map((name) => name.toLowerCase());

  const base = servedUnder(config.web);
  const forwarded = openForwarded(config.web.trustedProxies);

  async function enter(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of FIXED_HEADERS) response.setHeader(name, value);
    forwarded(request);
    const given = cleanUrl(request.url);
    if (given === null) return refuse(response, 400, "This address cannot be read.");
    if (given.length > MAX_URL_CHARS) return refuse(response, 414, "This address is too long.");
    if (access.mode === "open" && !isOurHost(request.headers.host, names))
      return refuse(response, 421, "Flowtap does not go by this name. Set web.publicUrl to the address people type.");
    const url = withoutBase(given, base);
    // What Next parses must be what was checked here.
    request.url = withBase(url, base);
    const pathname = url.split("?", 1)[0] ?? "/";
    if (!(await takesToken(request, response))) return;
    if (API.test(pathname)) return api(request, response, pathname);
    if (OPEN_FILES.test(pathname) || (dev && pathname.startsWith("/_"))) return next(request, response);
    return page(request, response, pathname, url);
  }

  /** Whoever sends a wrong token is answered here, late, or not looked at any more. */
  async function takesToken({ headers }: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { authorization } = headers;
    if (access.mode !== "tokens" || authorization === undefined || !/^Bearer\b/i.test(authorization)) return true;
    const address = String(headers[CLIENT_ADDRESS]);
    if (wrongTokens.isBlocked(address)) {
      const message = "Too many wrong tokens came from this address. Try again in a minute.";
      await send(response, errorResponse({ code: "too_many_requests", message }, { "retry-after": "60" }));
      return false;
    }
    if (access.identify({ authorization, cookie: null }) !== null) return true;
    await wrongTokens.refused(address, "bearer");
    await send(response, errorResponse({ code: "not_signed_in", message: "This token is not one of Flowtap's." }));
    return false;
  }

  function api(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> | void {
    const routes = patternsOf(ROUTE_KEYS, pathname);
    if (routes.length === 0)
      return void send(
        response,
        errorResponse({
          code: "not_found",
          message: `There is no ${pathname} in the API; /api/openapi.json lists what there is.`,
        }),
      );
    const methods = routes.map((key) => splitPattern(key)[0]);
    // A HEAD is the GET without its body; nobody would take the end of a stream.
    const method = request.method === "HEAD" && !routes.some(isStream) ? "GET" : (request.method ?? "");
    if (!methods.includes(method)) {
      response.setHeader("allow", methods.join(", "));
      return refuse(response, 405, `This address takes ${methods.join(", ")}.`);
    }
    return next(request, response);
  }

  function page(
    request: IncomingMessage,
    response: ServerResponse,
    pathname: string,
    url: string,
  ): Promise<void> | void {
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405, "Pages are only read.");
    const nonce = randomBytes(16).toString("base64");
    const policy = contentSecurityPolicy({ nonce, dev });
    response.setHeader("content-security-policy", policy);
    if (access.mode === "closed") return html(response, 403, closedPage());
    const identity = access.identify({
      authorization: request.headers.authorization ?? null,
      cookie: request.headers.cookie ?? null,
    });
    if (identity === null && pathname !== SIGN_IN) {
      // A link from a chat brings no SameSite=Strict cookie; coming again from here does.
      if (request.headers["sec-fetch-site"] === "cross-site" && request.headers["sec-fetch-mode"] === "navigate")
        return html(response, 200, comeAgainPage(request.url ?? base));
      const location = `${base}${SIGN_IN}?next=${encodeURIComponent(url)}`;
      response.writeHead(303, { location, "cache-control": "no-store" });
      return void response.end();
    }
    // Next gives its scripts the nonce it finds in the request's policy; the layout reads x-nonce for its own.
    request.headers["content-security-policy"] = policy;
    request.headers["x-nonce"] = nonce;
    // Going from page to page, Next asks for parts with this header.
    if (request.headers["rsc"] === undefined) request.headers[DOCUMENT] = "1";
    else delete request.headers[DOCUMENT];
    return next(request, response);
  }

  return (request, response) => {
    enter(request, response).catch((error: unknown) => {
      if (!response.headersSent) refuse(response, 500, "Something went wrong in Flowtap.");
      else response.destroy(error instanceof Error ? error : undefined);
    });
  };
}

/** Path and query with dot segments resolved; null for what is no path of ours. */
function cleanUrl(given: string | undefined): string | null {
  if (given === undefined || !given.startsWith("/") || given.startsWith("//") || given.includes("\\")) return null;
  try {
    const { pathname, search } = new URL(given, "http://flowtap.invalid");
    decodeURIComponent(pathname); // a broken escape
    return pathname.startsWith("//") ? null : pathname + search;
  } catch {
    return null;
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    connection: "close",
  });
  response.end(`${message}\n`);
}

function html(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  response.end(text);
}

async function send(response: ServerResponse, answer: Response): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(await answer.text());
}
