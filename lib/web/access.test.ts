import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mayActAs, openAccess } from "./access.ts";

const OPERATOR = { name: "ops", role: "operator", token: "operator-token-0123456789" } as const;
const VIEWER = { name: "team", role: "viewer", token: "viewer-token-0123456789" } as const;
const DAY_MS = 86_400_000;
let nowMs = 1_700_000_000_000;
const open = (tokens: readonly (typeof OPERATOR | typeof VIEWER)[] = [OPERATOR, VIEWER], demo = false) =>
  openAccess({ tokens, demo, now: () => nowMs, basePath: "" });
const cookieOf = (access: ReturnType<typeof open>, token: string) =>
  access.signIn(token, true)?.setCookie.split(";", 1)[0] ?? "";
const byCookie = (access: ReturnType<typeof open>, cookie: string) => access.identify({ authorization: null, cookie });
const byBearer = (access: ReturnType<typeof open>, token: string) =>
  access.identify({ authorization: `Bearer ${token}`, cookie: null });

describe("access", () => {
  it("knows a bearer of a token by name and role", () =>
    assert.deepEqual(byBearer(open(), VIEWER.token), { name: "team", role: "viewer", demo: false }));
  it("knows nobody by a token that was not given out", () =>
    assert.equal(byBearer(open(), "operator-token-012345678"), null));
  it("knows whoever signed in by the cookie", () => {
    const access = open();
    assert.equal(byCookie(access, `a=b; ${cookieOf(access, OPERATOR.token)}; c=d`)?.name, "ops");
  });
  it("keeps the cookie from scripts, other sites and plain http", () =>
    assert.match(
      open().signIn(OPERATOR.token, true)?.setCookie ?? "",
      /; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    ));
  it("takes a cookie of another web process with the same configuration", () =>
    assert.equal(byCookie(open(), cookieOf(open(), VIEWER.token))?.name, "team"));
  it("ends a session after a week", () => {
    const access = open();
    const cookie = cookieOf(access, OPERATOR.token);
    nowMs += 7 * DAY_MS - 1;
    assert.equal(byCookie(access, cookie)?.name, "ops");
    nowMs += 1;
    assert.equal(byCookie(access, cookie), null);
  });
  it("ends the sessions of a token that is taken away, and no others", () => {
    const before = open();
    const [ops, team] = [cookieOf(before, OPERATOR.token), cookieOf(before, VIEWER.token)];
    const after = open([VIEWER]);
    assert.equal(byCookie(after, ops), null);
    assert.equal(byCookie(after, team)?.name, "team");
  });
  it("refuses a cookie whose end was moved", () => {
    const access = open();
    const [version, expires, mac] = cookieOf(access, OPERATOR.token).split(".");
    assert.equal(byCookie(access, [version, String(Number(expires) + 1), mac].join(".")), null);
  });
  for (const cookie of [
    "",
    "flowtap_session",
    "flowtap_session=",
    "flowtap_session=1.2",
    "flowtap_session=1..",
    "flowtap_session=1.99999999999999.AAAA",
    `flowtap_session=${"x".repeat(10_000)}`,
  ]) {
    it(`refuses ${cookie.slice(0, 40) || "no cookie"}`, () => assert.equal(byCookie(open(), cookie), null));
  }
  it("lets everyone in as the demo's operator in the demo", () =>
    assert.deepEqual(open([], true).identify({ authorization: null, cookie: null }), {
      name: "demo",
      role: "operator",
      demo: true,
    }));
  it("is closed when nobody was given a token", () => {
    assert.equal(open([]).mode, "closed");
    assert.equal(byBearer(open([]), OPERATOR.token), null);
  });
  it("lets an operator do what a viewer may, not the other way round", () => {
    assert.deepEqual(
      [mayActAs({ ...OPERATOR, demo: false }, "viewer"), mayActAs({ ...VIEWER, demo: false }, "operator")],
      [true, false],
    );
  });
});
