import type pg from "pg";

/** Does all of the work, or none of it. */
export async function inTransaction<T>(client: pg.ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query("BEGIN");
  try {
    const result = await work();
    await client.query("COMMIT");
    return result;
  } catch (error) {
    // When even this fails the connection is broken, and Postgres rolls back by itself.
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** The same on a connection of the pool, which is closed when the work fails. */
export async function inPoolTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    broken = false;
    return result;
  } finally {
    // A connection in the middle of a transaction is not worth keeping.
    client.release(broken);
  }
}
