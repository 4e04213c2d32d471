#!/usr/bin/env node
// Starts the tool, under the Node it is made for when the running one is older. Plain JavaScript for Node 18 and later.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import process from 'node:process'

// Made and tested on 26; the compile cache, zstd and type stripping are all there, stable, from 24.8.
const madeFor = [26, 0]
const lowest = [24, 8]

const pinned = isAtLeast(madeFor) ? undefined : findPinnedNode()
if (pinned !== undefined) {
  runUnder(pinned)
} else if (isAtLeast(lowest)) {
  await runHere()
} else {
  const platform = `${process.platform}-${process.arch}`
  console.error(`error: cheese needs Node 24.8 or later, and this is ${process.version}\n`)
  console.error(`hint: install Node 26, or the npm package node-${platform}, which brings it`)
  process.exit(1)
}

function isAtLeast([major, minor]) {
  const [ourMajor, ourMinor] = process.versions.node.split('.').map(Number)
  return ourMajor > major || (ourMajor === major && ourMinor >= minor)
}

function findPinnedNode() {
  const name = `node-${process.platform}-${process.arch}`
  try {
    const path = createRequire(import.meta.url).resolve(`${name}/bin/node`)
    return existsSync(path) ? path : undefined
  } catch {
    return undefined
  }
}

function runUnder(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' })
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`error: could not start ${node}: ${error.message}`)
    process.exit(2)
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    // Die of the same signal, so that whoever waits for us sees what happened.
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

async function runHere() {
  const module = await import('node:module')
  module.enableCompileCache?.()
  const built = new URL('../dist/main.js', import.meta.url)
  if (existsSync(built)) {
    await import(built.href)
  } else {
    await import('../src/main.ts')
  }
}
