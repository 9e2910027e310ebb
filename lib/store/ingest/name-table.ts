/**
 * Small integer ids for the names that rows refer to. Names come from records, so any may come: each source, a
 * destination, may bring only so many, and all together too; what a source brings beyond that shares one id. A name
 * that nothing uses is deleted in the end (unused-names.ts), so ids in use are touched from time to time.
 */
import type pg from "pg";

export const OTHER_NAME = "(other)";
export const MAX_NAMES = { perSource: 1000, inAll: 50_000 } as const;

/** One table of names. `version` is "" for a table without versions. */
export class NameTable {
  readonly #pool: pg.Pool;
  readonly #table: string;
  readonly #columns: readonly string[];
  /** the ids that were used or touched since the last refresh but one */
  #ids = new Map<string, Map<string, number>>();
  #used = new Set<number>();
  /** all names in the table, as they were at the last refresh */
  #stored = new Map<string, Set<string>>();
  #room: number | null = null;
  /** the sources whose further names share an id */
  readonly #full = new Set<number>();
  #otherId: number | null = null;

  constructor(pool: pg.Pool, table: "services" | "event_types") {
    this.#pool = pool;
    this.#table = table;
    this.#columns = table === "services" ? ["name"] : ["name", "schema_version"];
  }

  /** how many sources have brought more names than they may */
  get fullSources(): number {
    return this.#full.size;
  }

  /** Whether there is such a name, whoever has brought it. */
  has(name: string): boolean {
    return this.#stored.has(name);
  }

  /** Whether this is the id that names beyond the bound share. */
  isShared(id: number): boolean {
    return id === this.#otherId;
  }

  /** undefined: not known yet, see resolve */
  idOf(sourceId: number, name: string, version: string): number | undefined {
    const id = this.#ids.get(name)?.get(version);
    if (id !== undefined || !this.#full.has(sourceId)) return id;
    return this.#stored.get(name)?.has(version) === true ? undefined : (this.#otherId ?? undefined);
  }

  /** Makes idOf know the name: by its own id while there is room for it, else by the shared one. */
  async resolve(sourceId: number, name: string, version: string): Promise<void> {
    if (this.#room === null) await this.#load();
    if (this.idOf(sourceId, name, version) !== undefined) return;
    const id = await this.#findOrMake(sourceId, name, version, (this.#room ?? 0) > 0 ? MAX_NAMES.perSource : 0);
    if (id !== null) return this.#keep(name, version, id);
    this.#otherId ??= await this.#findOrMake(null, OTHER_NAME, "", Infinity);
    this.#stored.get(name)?.delete(version);
    this.#full.add(sourceId);
  }

  /** A row with this id is stored. */
  use(id: number): void {
    this.#used.add(id);
  }

  /** Touches what was used since the last call, forgets what was not, and sees what others have added and deleted. */
  async refresh(): Promise<void> {
    const used = this.#used;
    this.#used = new Set();
    try {
      if (used.size > 0) await this.#touch([...used]);
      await this.#load();
    } catch (error) {
      for (const id of used) this.#used.add(id);
      throw error;
    }
    const isUsed = (id: number) => used.has(id) || this.#used.has(id);
    const ids = this.#ids;
    this.#ids = new Map();
    for (const [name, versions] of ids)
      for (const [version, id] of versions) if (isUsed(id)) addTo(this.#ids, name, version, id);
    if (this.#otherId !== null && !isUsed(this.#otherId)) this.#otherId = null;
    this.#full.clear();
  }

  /** In the order of the ids: all taps touch the same names, and none must wait for another in a circle. */
  async #touch(ids: readonly number[]): Promise<void> {
    await this.#pool.query(
      `
        WITH locked AS (
          SELECT id
          FROM ${this.#table}
          WHERE id = ANY($1)
          ORDER BY id
          FOR NO KEY UPDATE
        )
        UPDATE ${this.#table} t
        SET last_used_at = now()
        FROM locked
        WHERE t.id = locked.id`,
      [ids],
    );
  }

  async #load(): Promise<void> {
    const { rows } = await this.#pool.query<{ name: string; version: string }>(
      `SELECT name, ${this.#columns.length === 2 ? "schema_version" : "''"} AS version FROM ${this.#table}`,
    );
    this.#stored = new Map();
    for (const { name, version } of rows) this.#store(name, version);
    // Those that were made while the others were read.
    for (const [name, versions] of this.#ids) for (const version of versions.keys()) this.#store(name, version);
    this.#room = MAX_NAMES.inAll - rows.length;
  }

  #keep(name: string, version: string, id: number): void {
    if (this.#store(name, version)) this.#room = (this.#room ?? 0) - 1;
    addTo(this.#ids, name, version, id);
    this.#used.add(id);
  }

  /** Answers whether it is new. */
  #store(name: string, version: string): boolean {
    const versions = this.#stored.get(name);
    if (versions?.has(version) === true) return false;
    if (versions === undefined) this.#stored.set(name, new Set([version]));
    else versions.add(version);
    return true;
  }

  /** null: the source has brought `most` names already. What is found is touched, so that it is not deleted now. */
  async #findOrMake(sourceId: number | null, name: string, version: string, most: number): Promise<number | null> {
    const columns = this.#columns.join(", ");
    const values = this.#columns.length === 2 ? [name, version] : [name];
    const { rows } = await this.#pool.query<{ id: number }>(
      `
        WITH found AS (
          UPDATE ${this.#table}
          SET last_used_at = now()
          WHERE ${this.#columns.map((column, i) => `${column} = $${i + 3}`).join(" AND ")}
          RETURNING id
        ),
        made AS (
          INSERT INTO ${this.#table} (source_id, ${columns})
          SELECT $1::int, ${this.#columns.map((_, i) => `$${i + 3}::text`).join(", ")}
          WHERE NOT EXISTS (SELECT 1 FROM found)
            AND (SELECT count(*) FROM ${this.#table} WHERE source_id = $1) < $2::float8
          ON CONFLICT (${columns}) DO UPDATE
          SET last_used_at = now()
          RETURNING id
        )
        SELECT id FROM found
        UNION ALL
        SELECT id FROM made`,
      [sourceId, most, ...values],
    );
    return rows[0]?.id ?? null;
  }
}

function addTo(ids: Map<string, Map<string, number>>, name: string, version: string, id: number): void {
  const versions = ids.get(name);
  if (versions === undefined) ids.set(name, new Map([[version, id]]));
  else versions.set(version, id);
}
