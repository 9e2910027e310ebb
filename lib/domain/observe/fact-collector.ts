/** Collects the facts of a record from several conventions: what is found first counts. */
import type { TraceOrigin } from "../message/flags.ts";
import type { TraceContext, MessageFacts } from "./conventions/convention.ts";

/** Collects facts from several sources; for each fact the first source that has it counts. */
export class FactCollector {
  trace: TraceContext | null = null;
  origin: TraceOrigin = "none";
  messageId: string | null = null;
  causationId: string | null = null;
  conversation: string | null = null;
  eventType: string | null = null;
  schemaVersion: string | null = null;
  service: string | null = null;
  createdAtMs: number | null = null;

  add(facts: MessageFacts): void {
    this.messageId ??= facts.messageId ?? null;
    this.causationId ??= facts.causationId ?? null;
    this.conversation ??= facts.conversation ?? null;
    this.eventType ??= facts.eventType ?? null;
    this.schemaVersion ??= facts.schemaVersion ?? null;
    this.service ??= facts.service ?? null;
    this.createdAtMs ??= facts.createdAtMs ?? null;
  }

  setTrace(trace: TraceContext, origin: TraceOrigin): void {
    this.trace = trace;
    this.origin = origin;
  }
}
