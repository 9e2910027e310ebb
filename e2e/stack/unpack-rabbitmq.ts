/** Unpacks RabbitMQ before the tests that need it, where this machine can; else they are left out, and named. */
import { canUnpackRabbit, hasRabbit, unpackRabbit } from "#lib/demo/stack/rabbitmq-debian.ts";

if (!(await hasRabbit()) && (await canUnpackRabbit()))
  await unpackRabbit().catch((error: unknown) => console.error(`RabbitMQ could not be unpacked: ${String(error)}`));
