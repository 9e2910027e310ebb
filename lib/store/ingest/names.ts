/**
 * Small integer ids for the names that rows refer to. Names come from records, so each table of names has a bound;
 * names beyond it share one id. Ids are cached in memory; an unknown name is read or inserted once.
 */
import type pg from "pg";

export const OTHER_NAME = "(other)";
const MAX_NAMES = 10_000;
/** names beyond the bound, cached so that each is queried only once; any of them may be dropped */
const MAX_REFUSED_NAMES = 50_000;

/** One table of names. `version` is "" for a table without versions. */
class NameTable {
  readonly #ids = new Map<string, Map<string, number>>();
  readonly #pool: pg.Pool;
  readonly #columns: readonly string[];
  readonly #table: string;
  #loaded = false;
  #known = 0;
  #turnedAway = 0;
  #otherId: number | null = null;

  constructor(pool: pg.Pool, table: "services" | "event_types") {
    this.#pool = pool;
    this.#table = table;
    this.#columns = table === "services" ? ["name"] : ["name", "schema_version"];
  }

  /** the cached names that share the id of "(other)" */
  get turnedAway(): number {
    return this.#turnedAway;
  }

  idOf(name: string, version: string): number | undefined {
    return this.#ids.get(name)?.get(version);
  }

  async #load(): Promise<void> {
    const { rows } = await this.#pool.query<{ id: number; name: string; version: string }>(
      `
        SELECT id, name, ${this.#columns.length === 2 ? "schema_version" : "''"} AS version
        FROM ${this.#table}
        ORDER BY id
        LIMIT ${MAX_NAMES + 1}`,
    );
    this.#ids.clear();
    this.#turnedAway = 0;
    for (const row of rows) this.#keep(row.name, row.version, row.id);
    this.#known = rows.length;
    this.#loaded = true;
  }

  /** Makes idOf know the name: by its own id while the table has room, else by the shared one. */
  async resolve(name: string, version: string): Promise<void> {
    if (!this.#loaded) await this.#load();
    if (this.idOf(name, version) !== undefined) return;
    const id = this.#known < MAX_NAMES ? await this.#findOrMake(name, version) : null;
    if (id !== null) {
      this.#known++;
      this.#keep(name, version, id);
      return;
    }
    // The table is full, perhaps because of other taps. Once all of it is cached, a missing name never gets an id of
    // its own.
    if (this.#otherId === null || this.#turnedAway >= MAX_REFUSED_NAMES) {
      this.#otherId = await this.#findOrMake(OTHER_NAME, "", true);
      await this.#load();
      this.#known = MAX_NAMES;
      if (this.idOf(name, version) !== undefined) return;
    }
    this.#turnedAway++;
    this.#keep(name, version, this.#otherId as number);
  }

  #keep(name: string, version: string, id: number): void {
    const versions = this.#ids.get(name);
    if (versions === undefined) this.#ids.set(name, new Map([[version, id]]));
    else versions.set(version, id);
  }

  /** null: the table is full. */
  async #findOrMake(name: string, version: string, always = false): Promise<number | null> {
    const values = this.#columns.length === 2 ? [name, version] : [name];
    const match = this.#columns.map((column, i) => `${column} = $${i + 1}`).join(" AND ");
    const find = async () =>
      (await this.#pool.query<{ id: number }>(`SELECT id FROM ${this.#table} WHERE ${match}`, values)).rows[0]?.id ??
      null;
    const found = await find();
    if (found !== null) return found;
    const room = always ? "" : `WHERE (SELECT count(*) FROM ${this.#table}) < ${MAX_NAMES}`;
    await this.#pool.query(
      `
        INSERT INTO ${this.#table} (${this.#columns.join(", ")})
        SELECT ${this.#columns.map((_, i) => `$${i + 1}::text`).join(", ")}
        ${room}
        ON CONFLICT DO NOTHING`,
      values,
    );
    return find();
  }
}

export class Names {
  readonly types: NameTable;
  readonly services: NameTable;

  constructor(pool: pg.Pool) {
    this.types = new NameTable(pool, "event_types");
    this.services = new NameTable(pool, "services");
  }
}

/** Kafka allows names too long for an index; groups with such names are left out. */
export const canBeNamed = (name: string): boolean => name.length <= 600 && !name.includes("\0");

export interface GroupNames {
  idOf(group: string): number | undefined;
  /** reads or inserts their ids; at most MAX_GROUPS are kept in memory */
  resolve(groups: readonly string[]): Promise<void>;
}

const MAX_GROUPS = 100_000;

export function openGroupNames(pool: pg.Pool, clusterId: number): GroupNames {
  const ids = new Map<string, number>();
  return {
    idOf: (group) => ids.get(group),
    resolve: async (groups) => {
      if (ids.size + groups.length > MAX_GROUPS) ids.clear();
      // DO NOTHING returns no ids of existing rows, so they are read afterwards.
      await pool.query(
        "INSERT INTO consumer_groups (cluster_id, name) SELECT $1, * FROM unnest($2::text[]) ON CONFLICT DO NOTHING",
        [clusterId, groups],
      );
      const { rows } = await pool.query<{ id: number; name: string }>(
        "SELECT id, name FROM consumer_groups WHERE cluster_id = $1 AND name = ANY($2)",
        [clusterId, groups],
      );
      for (const row of rows) ids.set(row.name, row.id);
    },
  };
}
