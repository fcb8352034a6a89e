// A full disk or a missing folder is not a defect of Gatecrash: the message says what the person can do.
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

/** The error for people, where `error` comes from writing a file; any other error is returned as it is. */
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
