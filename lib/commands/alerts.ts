import type { AlertsConfig } from "#lib/config/alerts.ts";
import type { DeliveryRow, SilenceInput, SilenceRow } from "#lib/contracts/alerts.ts";
import type { AppError } from "#lib/contracts/errors.ts";
import { testMessage } from "#lib/domain/alert/message.ts";
import { err, ok } from "#lib/domain/result.ts";
import { createSilence, endSilence, putTest, retryDelivery } from "#lib/store/alerts/alerts-change.ts";
import { deliveryRow, silenceRow } from "#lib/store/alerts/alert-rows.ts";
import { readDelivery } from "#lib/store/alerts/deliveries-read.ts";
import { invalid, type Actor, type Answer, type CommandDeps } from "./deps.ts";

const LONGEST_SILENCE_MS = 90 * 86_400_000;
const notFound = (what: string): AppError => ({ code: "not_found", message: `${what} is not known to Flowtap.` });

type Deps = Pick<CommandDeps, "prisma" | "newToken">;

/** Holds back what would be said of the alerts it matches, until its time. */
export async function silenceAlerts(deps: Deps, input: SilenceInput, actor: Actor, nowMs: number): Answer<SilenceRow> {
  const until = new Date(input.until);
  if (until.getTime() <= nowMs) return err(invalid("until", "must lie ahead"));
  if (until.getTime() > nowMs + LONGEST_SILENCE_MS)
    return err(invalid("until", "may lie ninety days ahead at most; for longer, change the rule"));
  return ok(silenceRow(await createSilence(deps.prisma, { ...input, until }, actor), nowMs, 0));
}

export async function unsilenceAlerts(deps: Deps, id: number, actor: Actor, nowMs: number): Answer<null> {
  return (await endSilence(deps.prisma, id, new Date(nowMs), actor))
    ? ok(null)
    : err(notFound(`A silence ${id} that still holds`));
}

/** Through the same outbox as every alert, so that it proves the whole way. */
export async function testChannel(
  deps: Deps,
  config: AlertsConfig,
  channel: string,
  url: string,
  actor: Actor,
  nowMs: number,
): Answer<{ deliveryId: string }> {
  if (!config.channels.some(({ name }) => name === channel)) return err(notFound(`The channel ${channel}`));
  const id = await putTest(
    deps.prisma,
    { channel, dedupKey: deps.newToken(), message: testMessage(channel, actor.name, url), now: new Date(nowMs) },
    actor,
  );
  return ok({ deliveryId: String(id) });
}

export async function retryMessage(deps: Deps, id: bigint, actor: Actor, nowMs: number): Answer<DeliveryRow> {
  const outcome = await retryDelivery(deps.prisma, id, new Date(nowMs), actor);
  if (outcome === "not_failed")
    return err({ code: "conflict", message: "Only a message that was given up can be tried again." });
  if (outcome === "over")
    return err({
      code: "conflict",
      message: "What it tells of is over: sent now, it would say the opposite of what is.",
    });
  const row = outcome === "not_found" ? null : await readDelivery(deps.prisma, id);
  return row === null ? err(notFound(`Message ${id}`)) : ok(deliveryRow(row));
}
