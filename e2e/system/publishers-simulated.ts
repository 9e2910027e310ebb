/**
 * The saga of publishers-saga.ts by the clock of a simulation: what its services would have written and committed, each
 * handling one event at a time.
 */
import { ORDERS, outcomeOf, SAGA, type SagaService } from "./publishers-saga.ts";

export const SIMULATED_TOPICS = ["orders", "payments", "inventory", "shipping"] as const;
const PARTITIONS = 2;
const ORDER_EVERY_MS = 40;

export interface SimulatedEvent {
  readonly atMs: number;
  /** index into SAGA of the service that wrote it; null: from outside */
  readonly by: number | null;
  readonly topic: string;
  readonly type: string;
  /** of the order */
  readonly n: number;
  readonly partition: number;
  readonly position: number;
}

export interface SimulatedCommit {
  readonly atMs: number;
  /** index into SAGA */
  readonly by: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export function simulateSaga(random: () => number): {
  readonly events: readonly SimulatedEvent[];
  readonly commits: readonly SimulatedCommit[];
} {
  const events: SimulatedEvent[] = [];
  const commits: SimulatedCommit[] = [];
  const ends = new Map<string, number>();
  const agenda: { readonly atMs: number; readonly run: () => void }[] = [];
  const inboxes = SAGA.map((): SimulatedEvent[] => []);
  const isBusy = SAGA.map(() => false);
  const plan = (atMs: number, run: () => void): void => {
    const after = agenda.findIndex((one) => one.atMs > atMs);
    agenda.splice(after < 0 ? agenda.length : after, 0, { atMs, run });
  };
  const publish = (atMs: number, by: number | null, topic: string, type: string, n: number): void => {
    const partition = n % PARTITIONS;
    const position = ends.get(`${topic} ${partition}`) ?? 0;
    ends.set(`${topic} ${partition}`, position + 1);
    const event = { atMs: Math.round(atMs), by, topic, type, n, partition, position };
    events.push(event);
    SAGA.forEach((service, reader) => {
      if (!service.reads.includes(topic)) return;
      plan(atMs + 1 + random() * 4, () => {
        inboxes[reader]?.push(event);
        next(atMs + 5, service, reader);
      });
    });
  };
  const next = (nowMs: number, service: SagaService, at: number): void => {
    const event = isBusy[at] === true ? undefined : inboxes[at]?.shift();
    if (event === undefined) return;
    isBusy[at] = true;
    const writtenMs = nowMs + 1 + random() * 10;
    plan(writtenMs, () => {
      const type = service.publishes(event.type, outcomeOf(event.n));
      if (type !== null) publish(writtenMs, at, service.topic, type, event.n);
    });
    const committedMs = writtenMs + 1 + random() * 3;
    plan(committedMs, () => {
      const { topic, partition, position } = event;
      commits.push({ atMs: Math.round(committedMs), by: at, topic, partition, offset: position + 1 });
      isBusy[at] = false;
      next(committedMs, service, at);
    });
  };
  for (let n = 0; n < ORDERS; n++)
    plan(n * ORDER_EVERY_MS + random() * 200, () => publish(agendaMs, null, "orders", "OrderCreated", n));
  let agendaMs = 0;
  for (let one = agenda.shift(); one !== undefined; one = agenda.shift()) {
    agendaMs = one.atMs;
    one.run();
  }
  return { events, commits };
}
