/** The web while Postgres is away. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ErrorBody } from "#lib/contracts/errors.ts";
import type { Api } from "./api-server.ts";

export function testOutage(api: Api): void {
  const { ask } = api;
  describe("when Postgres dies and comes back", () => {
    const until = async (status: number, path: string) => {
      const deadline = Date.now() + 30_000;
      for (;;) {
        const response = await ask(path);
        if (response.status === status) return response;
        assert.ok(Date.now() < deadline, `${path} kept answering ${response.status}: ${await response.text()}`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };
    it("says so, stays up, and goes on by itself", async () => {
      await api.postgres.kill9();
      const refused = await until(503, "/api/groups");
      assert.equal(ErrorBody.parse(await refused.json()).error.code, "database_unreachable");
      await until(503, "/api/health/ready");
      assert.equal((await ask("/api/health/live")).status, 200);
      await api.postgres.restart();
      await until(200, "/api/groups");
      await until(200, "/api/health/ready");
    });
  });
}
