// A device or a named pipe can stand where a file is expected, as in an archive that somebody else packed. Reading it may never end.
import { stat } from 'node:fs/promises'

/**
 * Returns `path`, when a file of a known size is there.
 * @throws what the file system says: `ENOENT` and the like; an Error when something else is there
 */
export async function regularFile(path: string): Promise<string> {
  if ((await stat(path)).isFile()) return path
  throw Object.assign(new Error('it is no file'), { code: 'EISDIR' })
}
