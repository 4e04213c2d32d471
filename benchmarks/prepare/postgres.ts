/** A PostgreSQL server to measure on: the one of DATABASE_URL, else the one on this machine. */
import pg from 'pg'
import { MissingTool } from './missing-tool.ts'

/** The URL of the database `cheeseshop_bench_<name>`, which may not exist yet. Throws MissingTool. */
export async function benchDatabaseUrl(name: string): Promise<string> {
  const server = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres'
  const client = new pg.Client({ connectionString: server })
  try {
    await client.connect()
    await client.end()
  } catch (cause) {
    const message =
      'No PostgreSQL answers: start one on 127.0.0.1:5432, or name one in DATABASE_URL'
    throw new MissingTool(message, { cause })
  }
  return Object.assign(new URL(server), { pathname: `/cheeseshop_bench_${name}` }).href
}

/** Makes the database anew, empty. Touches none but those of the benchmarks. */
export async function recreateDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1)
  if (!/^cheeseshop_bench_\w+$/.test(name)) {
    throw new Error(
      `Refusing to replace the database "${name}": its name does not start with cheeseshop_bench_.`,
    )
  }
  const server = Object.assign(new URL(url), { pathname: '/postgres' }).href
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(`drop database if exists ${name} with (force)`)
  await client.query(`create database ${name}`)
  await client.end()
}
