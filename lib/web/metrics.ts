import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

export interface WebMetrics {
  readonly registry: Registry;
  request(route: string, status: number, seconds: number): void;
  readonly streams: Gauge;
  readonly frames: Counter<"event">;
  readonly listening: Gauge;
  readonly wrongTokens: Counter<"way">;
  readonly figureFaults: Counter;
  readonly heldUpSeconds: Gauge<"work" | "cluster">;
}

export function openWebMetrics(): WebMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const durations = new Histogram({
    registers,
    name: "flowtap_web_request_seconds",
    help: "Time to answer a request of the API",
    labelNames: ["route", "status"],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
  });
  return {
    registry,
    request: (route, status, seconds) => durations.observe({ route, status }, seconds),
    streams: new Gauge({ registers, name: "flowtap_web_streams", help: "Browsers that listen to the live stream" }),
    frames: new Counter({
      registers,
      name: "flowtap_web_frames_total",
      help: "Live frames made, each for all browsers that see the same",
      labelNames: ["event"],
    }),
    figureFaults: new Counter({
      registers,
      name: "flowtap_web_group_figure_faults_total",
      help: "Times the groups' figures could not be read for this page of metrics, which then lacks them",
    }),
    heldUpSeconds: new Gauge({
      registers,
      name: "flowtap_held_up_seconds",
      help: "For how long what the taps do beside reading has stood still; no series for what is done",
      labelNames: ["work", "cluster"],
    }),
    wrongTokens: new Counter({
      registers,
      name: "flowtap_web_wrong_tokens_total",
      help: "Tokens that are not Flowtap's, sent with a request (bearer) or to sign in (sign_in)",
      labelNames: ["way"],
    }),
    listening: new Gauge({
      registers,
      name: "flowtap_web_listening",
      help: "1 while Postgres tells what the taps have stored",
    }),
  };
}
