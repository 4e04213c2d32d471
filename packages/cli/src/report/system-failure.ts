/** What the system refused, as a sentence: `ENOENT: no such file or directory, mkdir '/proc/x'` is for programs. */

import { systemReason } from '@cheeseshop/archive'

export interface SystemFailure {
  readonly message: string
  readonly hints: readonly string[]
}

/** Undefined for an error that is none of the system's. */
export function systemFailure(error: Error): SystemFailure | undefined {
  const { code, syscall, path: from, dest } = error as NodeJS.ErrnoException & { dest?: string }
  if (code === undefined || syscall === undefined) return undefined
  const hints = systemHints.get(`${code} ${syscall}`) ?? systemHints.get(code) ?? []
  const path = dest ?? from
  const verb = verbs.get(syscall) ?? 'used'
  const reason = systemReason(error)
  if (path === undefined && code === 'EISDIR')
    return { message: 'a folder is named where a file is meant', hints }
  if (reason === undefined) return { message: error.message, hints }
  return { message: `${path ?? 'a file'} cannot be ${verb}: ${reason}`, hints }
}

const verbs = new Map([
  ['mkdir', 'made'],
  ['mkdtemp', 'made'],
  ['open', 'opened'],
  ['read', 'read'],
  ['scandir', 'read'],
  ['stat', 'read'],
  ['lstat', 'read'],
  ['copyfile', 'written'],
  ['write', 'written'],
  ['rename', 'written'],
  ['link', 'written'],
  ['symlink', 'written'],
  ['chmod', 'changed'],
  ['unlink', 'removed'],
  ['rmdir', 'removed'],
  ['rm', 'removed'],
])

const systemHints = new Map([
  ['ENOSPC', ['the disk is full']],
  ['EACCES', ['choose another path, or an account that may']],
  ['EACCES mkdir', ['choose another place, or a virtual environment of your own (cheese venv)']],
  ['EEXIST mkdir', ['choose another path, or move away what is there']],
  ['EISDIR', ['name a file']],
  ['ELOOP', ['choose another path']],
  ['EMFILE', ['raise the limit of open files (ulimit -n)']],
  ['ENAMETOOLONG', ['choose a shorter path']],
  ['ENOENT mkdir', ['choose another path']],
  ['ENOTDIR', ['choose another path']],
  ['EROFS', ['choose another place']],
])
