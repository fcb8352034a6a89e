// A disk that is full, a folder that is none: no defect of ours, and the person can do something about it.
import { GatecrashError } from '../kernel/errors.ts'

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; make room, or name another folder with --out',
  EDQUOT: 'the quota of the disk is used up; make room, or name another folder with --out',
  EROFS: 'the file system is read-only; name another folder with --out',
  EACCES: 'it may not be written; name another folder with --out',
  EPERM: 'it may not be written; name another folder with --out',
  ENOTDIR: 'something that is no folder is in the way; name another folder with --out',
  ENOENT: 'it cannot be made; name another folder with --out',
  EEXIST: 'a file is in the way; name another folder with --out',
}

/** What `error` means for a person when it comes from writing a file; else the error as it is. */
export function cannotWrite(error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return error
  const { code, path } = error as NodeJS.ErrnoException
  const remedy = remedies[String(code)]
  if (remedy === undefined) return error
  return new GatecrashError('cannot_write', `${path ?? 'a file of the run'} could not be written: ${remedy}`, { cause: error })
}
