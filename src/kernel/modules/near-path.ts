// A file's path as it is written into bundles and plans.
import { relative } from 'node:path'

/** Relative to the working directory for a file below it, so that a bundle tells nothing of the machine's folders. */
export function nearPath(path: string): string {
  const near = relative(process.cwd(), path)
  return near.startsWith('..') ? path : near
}
