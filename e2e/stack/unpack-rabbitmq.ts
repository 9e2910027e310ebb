/** Unpacks RabbitMQ before the tests that need it, where this machine can. */
import { canUnpackRabbit, hasRabbit, unpackRabbit } from "#lib/demo/stack/rabbitmq-debian.ts";

if (!(await hasRabbit()) && (await canUnpackRabbit())) await unpackRabbit();
