/** Trace context in message headers, with OpenTelemetry's API and SDK. The spans are not exported. */
import {
  ROOT_CONTEXT,
  SpanKind,
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  trace,
  type Context,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { CompositePropagator, W3CTraceContextPropagator } from "@opentelemetry/core";
import { B3InjectEncoding, B3Propagator } from "@opentelemetry/propagator-b3";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";

/** `none`: a service without tracing, which forwards nothing. */
export type Propagation = "w3c" | "b3" | "none";
export type Carrier = Record<string, string>;

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(new BasicTracerProvider());

const w3c = new W3CTraceContextPropagator();
const b3 = new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER });
const anyFormat = new CompositePropagator({ propagators: [b3, w3c] });

export const extractContext = (carrier: Carrier): Context =>
  anyFormat.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);

/** Headers with a new span for this publish, a child of the active span. */
export function injectNewSpan(service: string, topic: string, propagation: Propagation): Carrier {
  const carrier: Carrier = {};
  if (propagation === "none") return carrier;
  const parent = context.active();
  const span = trace.getTracer(service).startSpan(`${topic} publish`, { kind: SpanKind.PRODUCER }, parent);
  const inSpan = trace.setSpan(parent, span);
  if (propagation === "w3c") {
    w3c.inject(inSpan, carrier, defaultTextMapSetter);
  } else {
    b3.inject(inSpan, carrier, defaultTextMapSetter);
    const parentSpan = trace.getSpanContext(parent);
    // B3 also has the parent's id, which OpenTelemetry's propagator leaves out.
    if (parentSpan !== undefined) carrier["x-b3-parentspanid"] = parentSpan.spanId;
  }
  span.end();
  return carrier;
}
