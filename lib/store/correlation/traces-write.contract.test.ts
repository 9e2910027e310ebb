import assert from "node:assert/strict";
import { it } from "node:test";
import { startMigratedPostgres } from "#e2e/stack/migrated.ts";
import { readTraces } from "../events/traces-read.ts";
import { addTraces, takeFoldedTraces, type TraceTotal } from "./traces-write.ts";

const MOST = 2 ** 31 - 1;

it("an id that stands in all events counts beyond 32 bits, also when its events are found to be another trace's", async () => {
  const postgres = await startMigratedPostgres();
  const { client, database } = postgres;
  try {
    const [conversation, trace] = ["11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"];
    const total: TraceTotal = {
      traceUuid: conversation,
      firstAtMs: 1000,
      lastAtMs: 2000,
      events: MOST,
      errors: MOST,
      rootTypeId: null,
      rootServiceId: null,
      rootDestinationId: 1,
      serviceIds: [],
      destinationIds: [1],
      typeIds: [],
    };
    for (let i = 0; i < 3; i++) await addTraces(client, [total]);
    await client.query("INSERT INTO trace_aliases VALUES ($1, $2, now())", [conversation, trace]);
    const folded = await takeFoldedTraces(client, [conversation]);
    assert.deepEqual(folded, [{ ...total, traceUuid: trace, events: 3 * MOST, errors: 3 * MOST }]);
    await addTraces(client, folded);
    const [row] = await readTraces(
      database.prisma,
      { errorsOnly: true, from: new Date(0), to: new Date(), after: null },
      1,
    );
    assert.deepEqual([row?.events, row?.errors], [3 * MOST, 3 * MOST]);
  } finally {
    await postgres.stop();
  }
});
