// The directives of Cache-Control (RFC 9111 §5.2), in any letter case and over several header lines. What contradicts itself or cannot
// be read is taken in its strictest sense.

/** By name in lower case: the argument without its quotes, or '' where there is none. */
export type Directives = ReadonlyMap<string, string>

// What is longer counts as this (RFC 9111 §1.2.2).
const LONGEST = 2 ** 31
const SECONDS = new Set(['max-age', 's-maxage', 'stale-if-error', 'min-fresh', 'max-stale'])
// Text up to a comma; a quoted argument may hold commas.
const DIRECTIVE = /(?:[^,"]|"(?:[^"\\]|\\.)*")+/g

const NONE: Directives = new Map()

/** `lines`: the header's values, one or more. */
export function directivesOf(lines: string | readonly string[] | undefined): Directives {
  if (lines === undefined) return NONE
  const found = new Map<string, string>()
  const text = typeof lines === 'string' ? lines : lines.join(',')
  for (const [part] of text.matchAll(DIRECTIVE)) {
    const equals = part.indexOf('=')
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase()
    if (name === '') continue
    const value = equals < 0 ? '' : part.slice(equals + 1).trim()
    const argument = value.startsWith('"') ? value.slice(1, value.endsWith('"') ? -1 : undefined) : value
    found.set(name, SECONDS.has(name) ? stricter(name, argument, found.get(name)) : argument)
  }
  return found
}

/** A directive's argument; undefined when it is not there. One that is no number of seconds is 0. */
export function millisecondsOf(directives: Directives, name: string): number | undefined {
  const argument = directives.get(name)
  return argument === undefined ? undefined : secondsOf(argument) * 1000
}

function stricter(name: string, argument: string, before: string | undefined): string {
  // `max-stale` without an argument means any staleness.
  if (name === 'max-stale' && argument === '') return before ?? ''
  const seconds = [argument, ...(before === undefined || before === '' ? [] : [before])].map(secondsOf)
  return String(name === 'min-fresh' ? Math.max(...seconds) : Math.min(...seconds))
}

function secondsOf(argument: string): number {
  return /^\d+$/.test(argument) ? Math.min(Number(argument), LONGEST) : 0
}
