/** PostgreSQL for Kysely over a pool of `pg` clients. */
import { createHash } from 'node:crypto'
import { type DatabaseIntrospector, type Dialect, type Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { SchemaTables } from './schema-tables.ts'

const INT8 = 20
const NUMERIC = 1700
/** Beyond these, statements go unnamed: each name costs memory in every connection of the server. */
const NAMED_STATEMENTS = 300

export interface PostgresOptions {
  /** Prepare each query once per connection; off for a PgBouncer in transaction mode. Default: on. */
  preparedStatements?: boolean
  /** Default: 10. */
  connections?: number
}

export function openPostgresPool(url: string, options: PostgresOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections ?? 10,
    application_name: 'cheeseshop',
    Client: options.preparedStatements === false ? pg.Client : PreparingClient,
    types: { getTypeParser: parserFor as typeof pg.types.getTypeParser },
  })
  // An idle connection may be ended by the server at any time; the pool opens another when one is needed.
  pool.on('error', () => {})
  return pool
}

export function postgresDialect(pool: pg.Pool): Dialect {
  return new OwnSchemaDialect({ pool })
}

class OwnSchemaDialect extends PostgresDialect {
  override createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SchemaTables(db)
  }
}

/** Ids, sizes and counts stay far below 2^53, and on SQLite they are numbers too. */
function parserFor(oid: number, format?: 'text' | 'binary'): unknown {
  return oid === INT8 || oid === NUMERIC ? Number : pg.types.getTypeParser(oid, format as 'text')
}

const names = new Map<string, string>()

class PreparingClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of pg's query are not ours to repeat
  override query(...parameters: any[]): any {
    const [text, values] = parameters
    const name = typeof text === 'string' && Array.isArray(values) ? nameOf(text) : undefined
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const query = super.query as (...parameters: any[]) => any
    return name
      ? query.call(this, { name, text, values }, ...parameters.slice(2))
      : query.apply(this, parameters)
  }
}

function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known || names.size >= NAMED_STATEMENTS) return known
  const name = createHash('sha256').update(text).digest('base64url').slice(0, 22)
  names.set(text, name)
  return name
}
