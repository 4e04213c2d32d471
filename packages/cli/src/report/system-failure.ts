/** What the system refused, as a sentence: `ENOENT: no such file or directory, mkdir '/proc/x'` is for programs. */

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
  const verb = verbs.get(syscall)
  const reason = reasons.get(`${code} ${syscall}`) ?? reasons.get(code)
  if (path === undefined && code === 'EISDIR')
    return { message: 'a folder is named where a file is meant', hints }
  if (path === undefined || verb === undefined || reason === undefined)
    return { message: error.message, hints }
  return { message: `${path} cannot be ${verb}: ${reason}`, hints }
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

const reasons = new Map([
  ['EACCES', 'this user may not do that'],
  ['EEXIST', 'something is there already'],
  ['EISDIR', 'it is a folder'],
  ['ENAMETOOLONG', 'the name is too long for the file system'],
  ['ENOENT', 'there is no such file or folder'],
  ['ENOENT mkdir', 'the file system takes no folder there'],
  ['ENOSPC', 'no space is left on the file system'],
  ['ENOTDIR', 'a part of the path is a file'],
  ['EPERM', 'the system does not allow it'],
  ['EROFS', 'the file system can only be read'],
])

const systemHints = new Map([
  ['ENOSPC', ['the disk is full']],
  [
    'EACCES',
    ['choose another place, or a virtual environment of your own (cheese venv) to install into'],
  ],
  ['EEXIST mkdir', ['choose another path, or move away what is there']],
  ['EISDIR', ['name a file']],
  ['ENOENT mkdir', ['choose another path']],
  ['ENOTDIR', ['choose another path']],
  ['EROFS', ['choose another place']],
])
