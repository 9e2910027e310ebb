import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sseResponse, type SseFrame } from "./sse.ts";

async function* frames(...events: SseFrame[]): AsyncGenerator<SseFrame, void> {
  yield* events;
}
const never = (): AsyncIterator<SseFrame> => ({
  next: () => new Promise(() => undefined),
  return: () => Promise.resolve({ done: true, value: undefined }),
});

describe("server-sent events", () => {
  it("says when to come back, numbers its frames and ends with them", async () => {
    const response = sseResponse(frames({ event: "a", data: { n: 1 } }, { event: "b", data: null, text: "2" }), {
      signal: new AbortController().signal,
    });
    assert.equal(
      await response.text(),
      'retry: 1000\n\nid: 1\nevent: a\ndata: {"n":1}\n\nid: 2\nevent: b\ndata: 2\n\n',
    );
    assert.match(response.headers.get("cache-control") ?? "", /no-transform/);
  });
  it("shows that it is alive while there is nothing to say, and ends as planned", async () => {
    const text = await sseResponse(never(), {
      signal: new AbortController().signal,
      keepAliveMs: 10,
      endAfterMs: 1000,
    }).text();
    assert.match(text, /event: alive/);
  });
  it("stops its source when the reader leaves", async () => {
    let returned = false;
    const gone = new AbortController();
    const response = sseResponse(
      {
        ...never(),
        return: () => {
          returned = true;
          return Promise.resolve({ done: true, value: undefined });
        },
      },
      { signal: gone.signal },
    );
    gone.abort();
    await response.text();
    assert.equal(returned, true);
  });
  it("stops its source for a reader that left before the answer began", async () => {
    let ends = 0;
    const response = sseResponse(never(), { signal: AbortSignal.abort(), onEnd: () => (ends += 1) });
    assert.equal(await response.text(), "");
    assert.equal(ends, 1);
  });
  it("tells its end once, also when reader and source end together", async () => {
    let ends = 0;
    const gone = new AbortController();
    const response = sseResponse(frames({ event: "a", data: 1 }), { signal: gone.signal, onEnd: () => (ends += 1) });
    await response.text();
    gone.abort();
    assert.equal(ends, 1);
  });
  it("ends for a reader that takes nothing", { timeout: 5000 }, async (context) => {
    context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
    let ends = 0;
    sseResponse(never(), { signal: new AbortController().signal, endAfterMs: 1000, onEnd: () => (ends += 1) });
    context.mock.timers.tick(60_000);
    await Promise.resolve();
    assert.equal(ends, 1);
  });
});
