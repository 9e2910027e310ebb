/**
 * Customer: creates and changes customers over HTTP. Acts as two deployed versions, so the topic has two
 * schema versions.
 */
import { context } from "@opentelemetry/api";
import { randomBytes } from "node:crypto";
import kafkajs from "kafkajs";
import type { EventBus } from "../kit/event-bus.ts";
import type { HttpRequest } from "../kit/http.ts";
import { runService } from "../kit/service.ts";
import { extractContext } from "../kit/tracing.ts";

const NEW_VERSION_SHARE = 0.6;

await runService({
  name: "customer",
  compression: kafkajs.CompressionTypes.None,
  propagation: "w3c",
  namesCause: false,
  topics: [],
  http: (bus) => async (request) => {
    if (request.method === "POST" && request.path === "/customers")
      return {
        status: 201,
        body: await publishChange(request, bus, "customer.created", `cust-${randomBytes(3).toString("hex")}`),
      };
    const [, id] = /^\/customers\/([\w-]{1,40})$/.exec(request.path) ?? [];
    if (request.method === "PUT" && id !== undefined)
      return { body: await publishChange(request, bus, "customer.updated", id) };
    return undefined;
  },
});

async function publishChange(
  { headers, body }: HttpRequest,
  bus: EventBus,
  type: "customer.created" | "customer.updated",
  customerId: string,
): Promise<{ customerId: string }> {
  const { given = "Ada", family = "Lovelace", email = "ada@example.com" } = body;
  const version = Math.random() < NEW_VERSION_SHARE ? 2 : 1;
  const data =
    version === 1
      ? { version, customerId, name: `${String(given)} ${String(family)}`, email }
      : { version, customerId, name: { given, family }, email, consent: { marketing: false } };
  await context.with(extractContext({ ...headers }), () =>
    bus.publish("customer.events", { type, key: customerId, correlationId: customerId, schemaVersion: version, data }),
  );
  return { customerId };
}
