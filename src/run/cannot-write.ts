// A disk that is full, a folder that is none: no defect of ours, and the person can do something about it.
import { GatecrashError } from '../kernel/errors.ts'

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; make room',
  EDQUOT: 'the quota of the disk is used up; make room',
  EROFS: 'the file system is read-only',
  EACCES: 'it may not be written',
  EPERM: 'it may not be written',
  ENOTDIR: 'something that is no folder is in the way',
  ENOENT: 'it cannot be made',
  EEXIST: 'a file is in the way',
}

/** What `error` means for a person when it comes from writing a file; else the error as it is. */
export function cannotWrite(error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return error
  const { code, path } = error as NodeJS.ErrnoException
  const remedy = remedies[String(code)]
  if (remedy === undefined) return error
  return new GatecrashError(
    'cannot_write',
    `${path ?? 'a file of the run'} could not be written: ${remedy}; a run takes another folder with --out`,
    { cause: error },
  )
}
