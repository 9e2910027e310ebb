import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { readDeadLettersOfEvents } from "./fates-read.ts";

let postgres: MigratedPostgres;
before(async () => {
  postgres = await startMigratedPostgres();
  await postgres.client.query("INSERT INTO clusters (id, name, system) VALUES (1, 'prod', 'kafka')");
  await postgres.client.query(
    `
      INSERT INTO destinations (id, cluster_id, name, role, partition_count)
      VALUES (1, 1, 'orders', 'event', 1), (2, 1, 'orders-dlt', 'dead_letter', 1)`,
  );
  await postgres.client.query(`
    INSERT INTO failures (
      cluster_id, destination_id, partition, position, failed_at, format, fingerprint, title,
      original_destination, original_destination_id, original_partition, original_position, group_name,
      root_cause_class, stored_at
    )
    VALUES
      (1, 2, 0, 0, now(), 'spring-kafka', 'a', 'Boom: no', 'orders', 1, 0, 7, 'payments', 'Boom', now()),
      (
        1, 2, 0, 1, now(), 'flowtap-skip', 'b', 'Skipped by ada: no currency', 'orders', 1, 0, 8, 'payments',
        NULL, now()
      )`);
});
after(() => postgres.stop());

describe("readDeadLetters", () => {
  it("tells the copy of a skipped event from a dead letter", async () => {
    const events = [7n, 8n, 9n].map((position) => ({
      destinationId: 1,
      partition: 0,
      position,
      occurredAt: new Date(),
    }));
    const deadLetters = await readDeadLettersOfEvents(postgres.database.prisma, events);
    assert.deepEqual(
      deadLetters
        .map(({ eventIndex, group, isSkip, title, itself }) => [eventIndex, group, isSkip, title, itself])
        .sort(),
      [
        [0, "payments", false, "Boom: no", false],
        [1, "payments", true, "Skipped by ada: no currency", false],
      ],
    );
  });
});
