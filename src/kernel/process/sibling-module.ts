// Names a module that is started as a process. The compiler does not rewrite such names: sources end in .ts, the build in .js.
import { extname } from 'node:path'

/** The URL of a module near the one whose `import.meta` is given; `path` is relative and without an extension. */
export function moduleBeside({ url, filename }: Pick<ImportMeta, 'url' | 'filename'>, path: string): URL {
  return new URL(path + extname(filename), url)
}
