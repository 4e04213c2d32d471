/** `npm run dev`: the server from the sources, started again whenever a source of it changes. */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

process.chdir(new URL('..', import.meta.url).pathname)
const watched = ['archive', 'packaging', 'client', 'resolver', 'index-server']
const server = spawn(
  process.execPath,
  [
    ...watched.map((name) => `--watch-path=packages/${name}/src`),
    '--watch-preserve-output',
    'packages/index-server/bin/cheeseshop.cjs',
    'serve',
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
)
// Ctrl-C reaches the whole group by itself; this is for whoever ends only us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill(signal))
server.on('exit', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 0) : 128 + constants.signals[signal]
})
