/** The driver adapter of the schema engine, which reads catalog columns of the type "char". */
import { ColumnTypeEnum, type SqlQuery, type SqlResultSet } from "@prisma/driver-adapter-utils";
import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";

const SINGLE_CHAR_OID = 18;
const TEXT_OID = 25;

/**
 * The engine reads columns of the catalog's one-letter type `"char"`, which the adapter does not know. The pool hands
 * them over as text, and the adapter calls those that are never empty `Character`, as the engine expects.
 */
export function openCatalogAdapter(pool: pg.Pool): PrismaPg {
  const query = pool.query.bind(pool) as (config: pg.QueryArrayConfig) => Promise<pg.QueryArrayResult>;
  let singleChars = new Set<string>();
  Object.assign(pool, {
    query: async (config: pg.QueryArrayConfig) => {
      const result = await query(config);
      singleChars = new Set();
      for (const [column, field] of result.fields.entries()) {
        if (field.dataTypeID !== SINGLE_CHAR_OID) continue;
        field.dataTypeID = TEXT_OID;
        if (result.rows.every((row) => row[column] !== "")) singleChars.add(field.name);
      }
      return result;
    },
  });
  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  return Object.assign(factory, {
    connect: async () => {
      const adapter = await connect();
      const queryRaw = adapter.queryRaw.bind(adapter);
      return Object.assign(adapter, {
        queryRaw: async (sql: SqlQuery): Promise<SqlResultSet> => {
          const result = await queryRaw(sql);
          const columnTypes = result.columnTypes.map((type, i) =>
            singleChars.has(result.columnNames[i] ?? "") ? ColumnTypeEnum.Character : type,
          );
          return { ...result, columnTypes };
        },
      });
    },
  });
}
