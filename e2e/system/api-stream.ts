/** The live stream of server-sent events. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import pg from "pg";
import { OPERATOR, type Api } from "./api-server.ts";

export function testStream(api: Api): void {
  const { ask } = api;
  describe("the live stream", () => {
    it("sends a pulse and the graph, and a new graph when a tap has stored something", async () => {
      const ended = new AbortController();
      const response = await ask("/api/stream?flow=1&topic=orders", { signal: ended.signal });
      assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
      const events: string[] = [];
      const decoder = new TextDecoder();
      let noticed = false;
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        for (const [, event] of decoder.decode(chunk, { stream: true }).matchAll(/^event: (\w+)$/gm))
          events.push(event ?? "");
        if (!noticed && events.includes("flow") && events.includes("pulse")) {
          noticed = true;
          const client = new pg.Client(api.postgres.url);
          await client.connect();
          await client.query(`SELECT pg_notify('flowtap', '{"kind":"flush","through":1,"events":1}')`);
          await client.end();
          events.length = 0;
        }
        if (noticed && events.includes("flow")) break;
      }
      ended.abort();
      assert.ok(noticed);
    });

    it("stays open to others after 520 HEAD requests and 150 streams of one viewer", { timeout: 60_000 }, async () => {
      const heads = await Promise.all(Array.from({ length: 520 }, () => ask("/api/stream", { method: "HEAD" })));
      assert.deepEqual([...new Set(heads.map(({ status }) => status))], [405]);
      const ended = new AbortController();
      const streams = await Promise.all(
        Array.from({ length: 150 }, () => ask("/api/stream", { signal: ended.signal })),
      );
      const counted = Map.groupBy(streams, ({ status }) => status);
      assert.deepEqual([counted.get(200)?.length, counted.get(429)?.length], [100, 50]);
      assert.equal((await ask("/api/stream", { token: OPERATOR, signal: ended.signal })).status, 200);
      ended.abort();
      // The seats are free again once the server has seen that the viewer left.
      for (let status = 429; status !== 200; await new Promise((resolve) => setTimeout(resolve, 100))) {
        const again = new AbortController();
        ({ status } = await ask("/api/stream", { signal: again.signal }));
        again.abort();
      }
    });

    it("refuses before the first byte", async () => {
      assert.equal((await ask("/api/stream?hops=99")).status, 422);
      assert.equal((await ask("/api/topics/test/nothing/tail")).status, 404);
    });
  });
}
