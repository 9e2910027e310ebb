/** The live stream of server-sent events. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import pg from "pg";
import type { Api } from "./api-server.ts";

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

    it("refuses before the first byte", async () => {
      assert.equal((await ask("/api/stream?hops=99")).status, 422);
      assert.equal((await ask("/api/topics/test/nothing/tail")).status, 404);
    });
  });
}
