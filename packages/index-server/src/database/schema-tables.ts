/** What tables there are, for Kysely's migrator. */
import {
  type DatabaseIntrospector,
  type Kysely,
  type SchemaMetadata,
  sql,
  type TableMetadata,
} from 'kysely'

/**
 * Of the current schema of a PostgreSQL database alone, without their columns. Kysely's own introspector looks at every
 * schema of the database, and fails when somebody else drops one of them in that moment.
 */
export class SchemaTables implements DatabaseIntrospector {
  readonly #db: Kysely<unknown>

  constructor(db: Kysely<unknown>) {
    this.#db = db
  }

  async getSchemas(): Promise<SchemaMetadata[]> {
    const current = sql<SchemaMetadata>`select current_schema() as name where current_schema() is not null`
    return (await current.execute(this.#db)).rows
  }

  async getTables(): Promise<TableMetadata[]> {
    const tables = sql<{ name: string; schema: string }>`
      select relname as name, nspname as schema
      from pg_catalog.pg_class join pg_catalog.pg_namespace on pg_namespace.oid = relnamespace
      where relkind in ('r', 'p') and nspname = current_schema()`
    const { rows } = await tables.execute(this.#db)
    return rows.map((table) => ({ ...table, isView: false, isForeign: false, columns: [] }))
  }
}
