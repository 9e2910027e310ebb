import { amqp } from "./amqp.ts";
import { axon } from "./axon.ts";
import { b3 } from "./b3.ts";
import { cap } from "./cap.ts";
import { cloudEvents, cloudEventsTrace } from "./cloudevents.ts";
import type { MessageConvention, TraceConvention } from "./convention.ts";
import { datadog } from "./datadog.ts";
import { debeziumOutbox } from "./debezium.ts";
import { eventuate } from "./eventuate.ts";
import { generic } from "./generic.ts";
import { jaeger } from "./jaeger.ts";
import { massTransit, massTransitTrace } from "./masstransit.ts";
import { nServiceBus } from "./nservicebus.ts";
import { rebus } from "./rebus.ts";
import { spring } from "./spring.ts";
import { w3c } from "./w3c.ts";
import { xray } from "./xray.ts";

/**
 * In order of precedence: the trace context of the transport belongs to the newest hop; those inside the event belong
 * to its creation.
 */
export const TRACE_CONVENTIONS: readonly TraceConvention[] = [
  w3c,
  b3,
  jaeger,
  datadog,
  xray,
  massTransitTrace,
  cloudEventsTrace,
];

/** In order of precision: for each fact, the first convention that has it counts. */
export const MESSAGE_CONVENTIONS: readonly MessageConvention[] = [
  cloudEvents,
  nServiceBus,
  massTransit,
  rebus,
  cap,
  axon,
  eventuate,
  spring,
  debeziumOutbox,
  generic,
  amqp,
];
