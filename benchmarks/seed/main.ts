/** `node benchmarks/seed/main.ts sqlite:PATH|postgres://... [share]`: makes an index of June 2020's size, or a share of it. */

import { JUNE_2020, scaled } from './scale.ts'
import { ensureSeeded } from './seeded-database.ts'

const [url, share] = process.argv.slice(2)
if (!url)
  throw new Error(
    'Name the database to fill: sqlite:PATH or postgres://user@host/cheeseshop_bench_NAME',
  )
const scale = share ? scaled(Number(share)) : JUNE_2020
const { rows, seconds } = await ensureSeeded(url, scale)
console.log(`${rows} rows in ${seconds} s: ${Math.round(rows / seconds)} rows/s`)
