// A file that is written as an ES module and that Node reads as CommonJS, because its package.json says so: `npm init` writes that.
import { extname } from 'node:path'

/** Node's own words for what it meets first in such a file. */
const esModuleSyntax =
  /^(Cannot use import statement outside a module|Cannot use 'import\.meta' outside a module|Unexpected token 'export')/

/** What to do about it; undefined when `cause`, which `file` did not parse for, is another mistake. */
export function moduleFormatRemedy(cause: unknown, file: string): string | undefined {
  if (!(cause instanceof SyntaxError) || !esModuleSyntax.test(cause.message)) return undefined
  const ending = extname(file)
  const stem = file.slice(0, -ending.length)
  const other = ending.startsWith('.c') ? '' : `, or write "type": "module" into its package.json`
  return `it is an ES module, and Node reads it as CommonJS: rename it to ${stem}${ending.replace(/^\.c?/, '.m')}${other}`
}
