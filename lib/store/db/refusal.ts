/** What Postgres can never store, in contrast to what it cannot store at the moment. */
import type pg from "pg";

/**
 * Whether Postgres can never store this: SQLSTATE class 22, data exception, and 54, a limit of the program exceeded,
 * such as a key too long for an index. Every later record would wait behind it for good.
 */
export const isRefusal = (error: unknown): error is Error =>
  error instanceof Error && /^(22|54)/.test((error as { readonly code?: string }).code ?? "");

/** The refusal that the work ends with; undefined when it succeeds. Rejects with any other error. */
export const refusalOf = (work: Promise<void>): Promise<Error | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => {
      if (isRefusal(error)) return error;
      throw error;
    },
  );

/** Inside a transaction: what the work answers, or the refusal that it ends with, after which nothing of it remains. */
export async function inSavepoint<T>(client: pg.ClientBase, work: () => Promise<T>): Promise<T | Error> {
  await client.query("SAVEPOINT work");
  try {
    const result = await work();
    await client.query("RELEASE SAVEPOINT work");
    return result;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await client.query("ROLLBACK TO SAVEPOINT work");
    return error;
  }
}
