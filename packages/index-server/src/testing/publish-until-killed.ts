/** A process that publishes wheel after wheel and says each one it was told is published: `DATABASE_URL FOLDER PREFIX`. */
import { writeSync } from 'node:fs'
import { wheel } from '@cheeseshop/testing'
import { openDatabase } from '../database/database.ts'
import { openLocalStore } from '../storage/local.ts'
import { addUser, publish } from './catalog.ts'
import { testDomain } from './test-domain.ts'

const [url, folder, prefix] = process.argv.slice(2) as [string, string, string]
const db = await openDatabase({ url })
const domain = { ...testDomain(db), blobs: await openLocalStore(folder) }
const identity = await addUser(domain, prefix)

async function publishOnAndOn(series: string): Promise<void> {
  for (let n = 0; ; n++) {
    const built = wheel(`${prefix}-${series}-${n}`, '1.0')
      .file('demo.py', `number = ${n}\n`)
      .build()
    await publish(domain, identity, built)
    writeSync(1, `${built.filename}\n`)
  }
}

await Promise.all(Array.from('abcdefgh', publishOnAndOn))
