// A route's path as a pattern: names in braces match up to the next slash, or up to what follows them.

/** `/models/{model}:count` → /^\/models\/(?<model>[^/]+?):count\/?$/ */
export function compilePath(path: string): RegExp {
  const parts = path.split(/\{(\w+)\}/)
  const source = parts.map((part, at) => (at % 2 === 1 ? `(?<${part}>[^/]+?)` : RegExp.escape(part)))
  return new RegExp(`^${source.join('')}/?$`)
}
