/**
 * OLF: consumes the events of all services and serves statistics, once (GET /stats) or as a stream (GET /stats/stream).
 */
import type http from "node:http";
import kafkajs from "kafkajs";
import { runService } from "../kit/service.ts";
import { OrderFlowStatistics } from "./statistics.ts";

const STREAM_EVERY_MS = 1_000;
const MAX_STREAMS = 50;

const statistics = new OrderFlowStatistics();
const streams = new Set<http.ServerResponse>();
setInterval(() => {
  if (streams.size === 0) return;
  const frame = `data: ${JSON.stringify(statistics.view(Date.now()))}\n\n`;
  for (const stream of streams) if (!stream.writableNeedDrain) stream.write(frame);
}, STREAM_EVERY_MS);

await runService({
  name: "olf",
  compression: kafkajs.CompressionTypes.None,
  propagation: "none",
  namesCause: false,
  topics: ["customer.events", "orders", "payments", "inventory", "shipping", "notifications"],
  handle({ event }) {
    statistics.add(event, Date.now());
    return "ignored";
  },
  http: () => async (request) => {
    if (request.path === "/stats") return { body: statistics.view(Date.now()) };
    if (request.path !== "/stats/stream") return undefined;
    if (streams.size >= MAX_STREAMS) return { status: 503, body: { error: "too many streams" } };
    return { raw: openStream };
  },
});

function openStream(response: http.ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  response.write(`data: ${JSON.stringify(statistics.view(Date.now()))}\n\n`);
  streams.add(response);
  response.on("close", () => streams.delete(response));
}
