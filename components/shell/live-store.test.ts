import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { createLiveStore } from "./live-store.ts";

/** The browser's EventSource, driven by the test. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static all: FakeSource[] = [];
  readyState = 1;
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
    FakeSource.all.push(this);
  }
  close(): void {
    this.readyState = FakeSource.CLOSED;
  }
  frame(name: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
}
const open = () => FakeSource.all.filter(({ readyState }) => readyState !== FakeSource.CLOSED);
const settle = () => mock.timers.tick(30);

beforeEach(() => {
  FakeSource.all = [];
  Object.assign(globalThis, { EventSource: FakeSource });
  mock.timers.enable({ apis: ["setTimeout"] });
});
afterEach(() => mock.timers.reset());

describe("the live store", () => {
  it("opens one stream for all its users, and closes it after the last", () => {
    const store = createLiveStore();
    const stops = [store.start(), store.start()];
    settle();
    assert.equal(open().length, 1);
    stops[0]?.();
    settle();
    assert.equal(open().length, 1);
    stops[1]?.();
    settle();
    assert.equal(open().length, 0);
    assert.equal(store.snapshot().connection, "closed");
  });
  it("reopens once when one page's flow filter replaces another's", () => {
    const store = createLiveStore();
    store.start();
    const stop = store.watchFlow({ filter: { service: "a" }, onFrame: () => undefined });
    settle();
    stop();
    store.watchFlow({ filter: { service: "b" }, onFrame: () => undefined });
    settle();
    assert.equal(FakeSource.all.length, 2);
    assert.deepEqual(
      open().map(({ url }) => url),
      ["/api/stream?service=b&flow=1"],
    );
  });
  it("passes changes on, tells of the connection, and ignores a malformed frame", () => {
    const warn = mock.method(console, "warn", () => undefined);
    const store = createLiveStore();
    const nouns: string[] = [];
    let updates = 0;
    store.onChanged((changed) => nouns.push(...changed.nouns));
    store.subscribe(() => (updates += 1));
    store.start();
    settle();
    const [source] = open();
    source?.dispatchEvent(new Event("open"));
    assert.equal(store.snapshot().connection, "open");
    source?.frame("changed", { nouns: ["groups"] });
    source?.frame("changed", { nouns: ["unheard-of"] });
    source?.frame("pulse", { nonsense: true });
    assert.deepEqual(nouns, ["groups"]);
    assert.equal(store.snapshot().pulse, null);
    assert.equal(warn.mock.callCount(), 2);
    assert.ok(updates > 0);
    warn.mock.restore();
  });
});
