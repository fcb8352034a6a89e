// Which headers and query parameters carry a credential, by their names: nobody but the service that it was made for may see it.

const KNOWN = new Set(['cookie', 'key', 'sig', 'code'])
const TELLING = /auth|token|secret|session|passw|credential|signature|assertion|jwt|(?:api|access|private)[-_]?key/

/** `name` in any letter case. */
export function isCredential(name: string): boolean {
  const lower = name.toLowerCase()
  return KNOWN.has(lower) || TELLING.test(lower)
}
