// Paths of a description: below the path of their server, with names that a fake can have.
import type { Server } from './document.ts'

/** The path of a server's URL, such as `/v1`; empty where it has none, or is no URL. */
export function basePath(server: Server | undefined): string {
  if (!server) return ''
  const url = server.url.replaceAll(/\{([^{}]*)\}/g, (all, name: string) => {
    const variables = server.variables ?? {}
    return (Object.hasOwn(variables, name) ? variables[name]?.default : undefined) ?? all
  })
  const base = URL.parse(url, 'http://upstream.test')
  return base ? base.pathname.replace(/\/+$/, '') : ''
}

export interface TemplatePath {
  /** With names that are identifiers, each once. */
  path: string
  /** The description's own name of each, in order. */
  names: { own: string; written: string }[]
}

/** A path as a fake has it: without a query or fragment, other letters as %-escapes. A brace that stands alone is a letter. */
export function templatePath(written: string): TemplatePath {
  const names: TemplatePath['names'] = []
  const [path = ''] = written.split(/[?#]/)
  const parts = path.split(/\{([^{}/]+)\}/).map((part, at) => {
    if (at % 2 === 0) return escaped(part)
    const name = unused(
      part.replaceAll(/\W+/g, '_').replace(/^(?![a-z_])/i, '_'),
      names.map(({ own }) => own),
    )
    names.push({ own: name, written: part })
    return `{${name}}`
  })
  return { path: `/${parts.join('').replace(/^\/+/, '')}`, names }
}

/** The path with a value for each name. */
export function filledPath({ path, names }: TemplatePath, valueOf: (written: string) => string): string {
  return names.reduce((filled, { own, written }) => filled.replace(`{${own}}`, () => encodeURIComponent(valueOf(written))), path)
}

function escaped(text: string): string {
  return encodeURI(text.toWellFormed()).replaceAll('%25', '%')
}

function unused(name: string, taken: readonly string[]): string {
  let free = name
  for (let nth = 2; taken.includes(free); nth++) free = `${name}${nth}`
  return free
}
