/** Errors of the file system as sentences for people: what could not be written, and what helps. */

import { systemReason } from '@cheeseshop/archive'

/** Thrown when an environment cannot be written; it is as it was before. */
export class WriteFailure extends Error {
  override readonly name = 'WriteFailure'
  readonly code: string | undefined
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'you may not write there. Use a virtual environment, or an account that may'],
  ['EPERM', 'the system does not allow it. Use a virtual environment, or an account that may'],
  ['EROFS', 'the file system can only be read. Choose another environment'],
  ['ENOSPC', 'no space is left on the file system. Free some, and run it again'],
  ['EDQUOT', 'your share of the file system is used up. Free some space, and run it again'],
  ['EMFILE', 'too many files are open. Raise the limit (ulimit -n), and run it again'],
  ['ELOOP', 'its symbolic links lead in a circle. Choose another path'],
  ['ENOTDIR', 'a part of the path is a file. Choose another path'],
  ['ENOENT mkdir', 'the file system takes no folder there. Choose another path'],
  ['ENAMETOOLONG', 'the name is too long for the file system. Choose a shorter path'],
])

/** Errors that are no errors of the file system stay as they are. */
export function asWriteFailure(error: unknown, path: string): unknown {
  if (error instanceof WriteFailure) return error
  const { code, syscall, path: own, dest } = error as NodeJS.ErrnoException & { dest?: string }
  const isSystem = typeof code === 'string' && (/^E[A-Z0-9]+$/.test(code) || isSqlite(code))
  if (!isSystem || code.startsWith('ERR_') === !isSqlite(code)) return error
  const reason =
    reasons.get(`${code} ${syscall}`) ??
    reasons.get(code) ??
    systemReason(error) ??
    (error as Error).message
  const failure = new WriteFailure(`${dest ?? own ?? path} cannot be written: ${reason}.`, {
    cause: error,
  })
  return Object.assign(failure, { code })
}

function isSqlite(code: string): boolean {
  return code === 'ERR_SQLITE_ERROR'
}
