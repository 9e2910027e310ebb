/** Records in the database by which destinations groups are reached, writing only when that has changed. */
import type pg from "pg";
import type { Route } from "#lib/brokers/ports/inspector.ts";
import { writeRoutes } from "#lib/store/destinations/routes-write.ts";

export class RouteRecorder {
  readonly #client: pg.Client;
  readonly #clusterId: number;
  #written: string | null = null;

  constructor(client: pg.Client, clusterId: number) {
    this.#client = client;
    this.#clusterId = clusterId;
  }

  /** Inside the caller's transaction. Routes of destinations or groups that are not known yet come with the next. */
  async record(
    routes: readonly Route[],
    destinationOf: ReadonlyMap<string, number>,
    groupOf: ReadonlyMap<string, number>,
  ): Promise<void> {
    const rows = routes.flatMap(({ destination, group }) => {
      const [destinationId, groupId] = [destinationOf.get(destination), groupOf.get(group)];
      return destinationId === undefined || groupId === undefined ? [] : [{ destinationId, groupId }];
    });
    const text = JSON.stringify(rows);
    if (text === this.#written) return;
    await writeRoutes(this.#client, this.#clusterId, rows);
    this.#written = text;
  }
}
