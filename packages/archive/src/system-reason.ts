/** Why the system refused something, as part of a sentence: `ENOTDIR: not a directory, open '/x'` is for programs. */
import { getSystemErrorMap } from 'node:util'

/** Undefined for an error that is none of the system's. */
export function systemReason(error: unknown): string | undefined {
  const { code, syscall, errno } = (error ?? {}) as NodeJS.ErrnoException
  if (typeof code !== 'string') return undefined
  const known = reasons.get(`${code} ${syscall}`) ?? reasons.get(code)
  return known ?? (errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1])
}

const reasons = new Map([
  ['E2BIG', 'the command line is too long'],
  ['EACCES', 'this user may not do that'],
  ['EBUSY', 'it is in use'],
  ['EDQUOT', "this user's share of the file system is used up"],
  ['EEXIST', 'something is there already'],
  ['EFBIG', 'it is larger than files may be'],
  ['EIO', 'the disk reports a fault'],
  ['EISDIR', 'it is a folder'],
  ['ELOOP', 'its symbolic links lead in a circle'],
  ['EMFILE', 'too many files are open'],
  ['ENAMETOOLONG', 'the name is too long for the file system'],
  ['ENFILE', 'too many files are open'],
  ['ENOENT', 'there is no such file or folder'],
  ['ENOENT mkdir', 'the file system takes no folder there'],
  ['ENOEXEC', 'it is no program of this machine'],
  ['ENOMEM', 'there is not enough memory'],
  ['ENOSPC', 'no space is left on the file system'],
  ['ENOTDIR', 'a part of the path is a file'],
  ['ENOTEMPTY', 'there is something in it'],
  ['EPERM', 'the system does not allow it'],
  ['EROFS', 'the file system can only be read'],
  ['ETXTBSY', 'it is being run'],
  ['EXDEV', 'it is on another file system'],
])
