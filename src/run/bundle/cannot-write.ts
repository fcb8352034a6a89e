// A full disk, a missing folder or too many open files are no defects of Gatecrash: the message says what the person can do.
import { GatecrashError } from '../../kernel/errors.ts'

const remedies: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'the disk is full; make room'],
  ['EDQUOT', 'the quota of the disk is used up; make room'],
  ['EFBIG', 'it would be larger than files may be'],
  ['EROFS', 'the file system is read-only'],
  ['EACCES', 'this user may not'],
  ['EPERM', 'this user may not'],
  ['ENOTDIR', 'something that is no folder is in the way'],
  ['EISDIR', 'a folder is in the way'],
  ['ENOENT', 'it is not there, and cannot be made'],
  ['EEXIST', 'a file is in the way'],
  ['ENOTEMPTY', 'a folder that is not empty is in the way'],
  ['ELOOP', 'its links lead round in a circle'],
  ['ENAMETOOLONG', 'its name is too long'],
  ['EMFILE', 'too many files are open; raise the limit (ulimit -n)'],
  ['ENFILE', 'too many files are open on this machine'],
  ['ENOMEM', 'there is no memory left'],
  ['EAGAIN', 'there are too many processes, or no memory; raise the limit (ulimit -u)'],
  ['EBUSY', 'something else holds it'],
  ['ETXTBSY', 'something else holds it'],
  ['EIO', 'the disk reports an error'],
  ['ESTALE', 'the network file system is gone'],
  ['EADDRNOTAVAIL', 'this machine does not have that address'],
  ['ENOBUFS', 'there is no memory left for the network'],
])

// Calls that write, or make room for writing.
const writing = /^(?:write|mkdir|rename|copyfile|symlink|unlink|rm|rmdir|ftruncate|open|fsync)/

/** The error for people, where the operating system refused something; any other error is returned as it is. */
export function cannotWrite(error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return error
  const { code, path, syscall = '' } = error as NodeJS.ErrnoException
  const remedy = remedies.get(String(code))
  if (remedy === undefined) return error
  if (writing.test(syscall) && !/^E[MN]FILE$/.test(String(code)))
    return new GatecrashError(
      'cannot_write',
      `${path ?? 'a file of the run'} could not be written: ${remedy}; a run takes another folder with --out`,
      { cause: error },
    )
  return refused(path ?? syscall, String(code), error)
}

/** The same where it is known that `path` was to be read. */
export function cannotRead(error: NodeJS.ErrnoException, path: string): GatecrashError {
  return refused(path, String(error.code), error)
}

function refused(what: string, code: string, cause: unknown): GatecrashError {
  const remedy = remedies.get(code) ?? 'it cannot be read'
  return new GatecrashError('system_refused', `${what} is refused by the operating system (${code}): ${remedy}`, { cause })
}
