import { awsSqs, gcpPubSub, rabbitMq } from "./brokers.ts";
import { capFault, massTransitFault, nServiceBusFault, rebusFault } from "./dotnet.ts";
import { flowtapSkip } from "./flowtap-skip.ts";
import type { DeadLetterFormat } from "./format.ts";
import { kafkaConnect } from "./kafka-connect.ts";
import { kafkaStreams } from "./kafka-streams.ts";
import { karafka } from "./karafka.ts";
import { smallRye } from "./smallrye.ts";
import { springBinder } from "./spring-binder.ts";
import { springKafka } from "./spring-kafka.ts";
import { watermill } from "./watermill.ts";

/**
 * Every known format; frameworks stand before brokers, because a broker's headers count only where no framework's do.
 */
export const DEAD_LETTER_FORMATS: readonly DeadLetterFormat[] = [
  springKafka,
  springBinder,
  kafkaConnect,
  kafkaStreams,
  nServiceBusFault,
  massTransitFault,
  smallRye,
  karafka,
  watermill,
  rebusFault,
  capFault,
  rabbitMq,
  awsSqs,
  gcpPubSub,
  flowtapSkip,
];
