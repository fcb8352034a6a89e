// A name for each operation: its operationId where that can be one, else its method and path. Unique, and no property of an upstream.
import { RESERVED } from '../../../upstreams/check-definition.ts'
import { camelCase } from '../identifiers.ts'

/** Gives out names; each is given once. */
export function routeNamer(): (operationId: string | undefined, method: string, path: string) => string {
  const given = new Set<string>()
  const isFree = (name: string): boolean => /^[a-z]\w*$/i.test(name) && !RESERVED.has(name) && !(name in {}) && !given.has(name)
  return (operationId, method, path) => {
    const byPath = camelCase(`${method.toLowerCase()} ${path.replaceAll(/\{([^{}]*)\}/g, ' by $1 ')}`)
    const candidates = [camelCase(operationId ?? ''), byPath]
    let name = candidates.find(isFree)
    for (let nth = 2; name === undefined; nth++) name = isFree(`${byPath}${nth}`) ? `${byPath}${nth}` : undefined
    given.add(name)
    return name
  }
}
