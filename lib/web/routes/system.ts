import { z } from "zod";
import type { AppError } from "#lib/contracts/errors.ts";
import { HealthView, StatusView } from "#lib/contracts/health.ts";
import { DemoFaultInput, DemoFaultsView, SessionView, SignInInput } from "#lib/contracts/session.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import { listHeldUp } from "#lib/queries/held-up.ts";
import { getStatus } from "#lib/queries/status.ts";
import { readGroupFigures } from "#lib/store/groups/figures-read.ts";
import { groupMetricsText } from "#lib/telemetry/group-metrics.ts";
import type { Identity } from "../access.ts";
import type { Container } from "../container.ts";
import { jsonResponse } from "../error-response.ts";
import { CLIENT_ADDRESS } from "../origin.ts";
import { route } from "../route.ts";
import { openedAt } from "./shared.ts";

const sessionOf = ({ name, role, demo }: Identity, version: string) => ({ name, role, demo, version });
const notSignedIn: AppError = {
  code: "not_signed_in",
  message: "Sign in with one of the tokens under access.tokens of the configuration.",
};

export const SYSTEM_ROUTES = {
  "GET /api/session": route({
    summary: "Who is signed in",
    role: "public",
    answer: SessionView,
    handle: async ({ version }, { identity }) =>
      identity === null ? err(notSignedIn) : ok(sessionOf(identity, version)),
  }),
  "POST /api/session": route({
    summary: "Signs in with a token; answers with a session cookie",
    role: "public",
    body: SignInInput,
    answer: SessionView,
    handle: async ({ access, config, signIns, wrongTokens, version }, { body, request }) => {
      const address = request.headers.get(CLIENT_ADDRESS) ?? "";
      if (!signIns.allow(address))
        return err({ code: "too_many_requests", message: "Too many attempts. Try again in a minute." });
      const signedIn = access.signIn(body.token.trim(), openedAt(request, config.web.publicUrl).startsWith("https:"));
      if (signedIn === null) {
        await wrongTokens.refused(address, "sign_in");
        return err({
          code: "not_signed_in",
          message: "This token is not one of Flowtap's.",
          fields: [{ path: "token", message: "is not known" }],
        });
      }
      signIns.forget(address);
      return jsonResponse(sessionOf(signedIn.identity, version), { headers: { "set-cookie": signedIn.setCookie } });
    },
  }),
  "DELETE /api/session": route({
    summary: "Signs out",
    role: "public",
    answer: z.null(),
    status: 204,
    handle: async ({ access }) =>
      new Response(null, { status: 204, headers: { "set-cookie": access.signOutCookie, "cache-control": "no-store" } }),
  }),
  "GET /api/status": route({
    summary: "The state of Flowtap itself",
    role: "viewer",
    answer: StatusView,
    handle: ({ queries }) => getStatus(queries),
  }),
  "GET /api/health/live": route({
    summary: "Liveness: the process answers",
    role: "public",
    answer: HealthView,
    handle: async () => ok({ status: "ok" as const, checks: [] }),
  }),
  "GET /api/health/ready": route({
    summary: "Readiness: the process can do its work; 503 when not",
    role: "public",
    answer: HealthView,
    handle: async (container) => {
      const health = await healthOf(container);
      return jsonResponse(health, { status: health.status === "down" ? 503 : 200 });
    },
  }),
  "GET /metrics": route({
    summary: "Metrics for Prometheus: of the web itself, and of the consumer groups as last evaluated",
    role: "viewer",
    answer: { contentType: "text/plain", description: "Prometheus text format" },
    handle: async (container) => {
      await countHeldUp(container);
      return new Response((await container.metrics.registry.metrics()) + (await groupFigures(container)), {
        headers: { "content-type": container.metrics.registry.contentType, "cache-control": "no-store" },
      });
    },
  }),
  "GET /api/demo/faults": route({
    summary: "The faults of the example system",
    role: "viewer",
    answer: DemoFaultsView,
    handle: (container) => demo(container, "/faults", {}),
  }),
  "POST /api/demo/faults/{name}": route({
    summary: "Switches a fault of the example system",
    role: "operator",
    params: z.object({ name: z.string().regex(/^[a-z-]{1,50}$/) }),
    body: DemoFaultInput,
    answer: DemoFaultsView,
    handle: async (container, { params, body }) => {
      const switched = await demo(container, `/faults/${params.name}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return switched.ok ? demo(container, "/faults", {}) : switched;
    },
  }),
} as const;

/** What the web says of itself must not depend on the database. */
async function groupFigures({ metrics, database, config, log }: Container): Promise<string> {
  try {
    return groupMetricsText(await readGroupFigures(database.prisma, config.metrics));
  } catch (error) {
    metrics.figureFaults.inc();
    log.warn({ reason: String(error) }, "the groups' figures could not be read");
    return "";
  }
}

async function countHeldUp({ metrics, queries, log }: Container): Promise<void> {
  try {
    const heldUp = await listHeldUp(queries);
    metrics.heldUpSeconds.reset();
    for (const { kind, cluster, since } of heldUp)
      metrics.heldUpSeconds.set({ work: kind, cluster: cluster ?? "" }, (Date.now() - Date.parse(since)) / 1000);
  } catch (error) {
    metrics.figureFaults.inc();
    log.warn({ reason: String(error) }, "what stands still could not be read");
  }
}

async function healthOf({ database, liveFeed }: Container): Promise<z.infer<typeof HealthView>> {
  const answers = await Promise.race([
    database.pool.query("SELECT 1").then(
      () => true,
      () => false,
    ),
    new Promise<false>((resolve) => setTimeout(() => resolve(false), 2000).unref()),
  ]);
  const checks = [
    { name: "database", ok: answers, detail: answers ? "answers" : "does not answer" },
    {
      name: "live feed",
      ok: liveFeed.isListening(),
      detail: liveFeed.isListening() ? "Postgres tells what is new" : "waiting for Postgres to tell what is new",
    },
  ];
  return { status: !answers ? "down" : checks.every((check) => check.ok) ? "ok" : "degraded", checks };
}

async function demo(
  { demoControlUrl }: Container,
  path: string,
  init: RequestInit,
): Promise<Result<z.infer<typeof DemoFaultsView>, AppError>> {
  if (demoControlUrl === null) return err({ code: "not_found", message: "Only the demo has faults to switch." });
  try {
    const response = await fetch(new URL(path, demoControlUrl), { ...init, signal: AbortSignal.timeout(5000) });
    if (response.status === 404) return err({ code: "not_found", message: "The example system knows no such fault." });
    const body: unknown = await response.json().catch(() => null);
    const faults = DemoFaultsView.safeParse(body);
    if (faults.success) return ok(faults.data);
    return response.ok && init.method === "POST"
      ? ok({ faults: [] })
      : err({ code: "internal", message: `The example system answered with status ${response.status}.` });
  } catch (error) {
    return err({
      code: "internal",
      message: `The example system does not answer: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}
