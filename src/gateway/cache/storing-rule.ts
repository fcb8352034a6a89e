// Whether a shared cache may keep an answer, and for how long it is fresh, by what both messages say of it (RFC 9111 §3 and §4.2,
// RFC 5861 §4). The rules are those of http-cache-semantics. It reads directives in lower case, unquoted and on one line: it gets them so.
import CachePolicy from 'http-cache-semantics'
import type { IncomingHttpHeaders } from 'node:http'
import type { Ms } from '../../kernel/clock.ts'
import { joined } from '../request/headers.ts'
import type { Fields } from './cache-key.ts'
import { type Directives, directivesOf, millisecondsOf } from './directives.ts'

/** An answer, as far as the rule depends on it. */
export interface RuledResponse {
  status: number
  headers: Readonly<IncomingHttpHeaders>
}

/** What the rule depends on. Of headers: the value, lines joined by commas; undefined when there is none. */
interface Saying {
  status: number
  /** Of the request. */
  authorization: string | undefined
  /** Of the request. */
  asked: string | undefined
  cacheControl: string | undefined
  pragma: string | undefined
  expires: string | undefined
  /** When it was made, on the wall clock. */
  date: Ms
  setsCookie: boolean
}

export interface StoringRule {
  mayBeKept: boolean
  /** How long it is fresh; undefined when it does not say it. */
  freshMs: Ms | undefined
  /** How much older it may be when its upstream fails; undefined when it does not say it. */
  staleIfErrorMs: Ms | undefined
  /** It may never be used when it is no longer fresh. */
  mustRevalidate: boolean
}

// Upstreams say few different things. Without a date in it, a rule is the same each time.
const MOST_KNOWN = 500
const known = new Map<string, StoringRule>()

/**
 * @param fields the headers of the request
 * @param date when the answer was made, on the wall clock
 */
export function storingRule(fields: Fields, { status, headers }: RuledResponse, date: Ms): StoringRule {
  const authorization = fields.get('authorization')
  const asked = fields.get('cache-control')
  const cacheControl = joined(headers['cache-control'])
  const pragma = joined(headers.pragma)
  const expires = joined(headers.expires)
  const setsCookie = headers['set-cookie'] !== undefined
  const isPlain = status === 200 && authorization === undefined && asked === undefined && pragma === undefined && !setsCookie
  // Most answers are plain: what they say is known by one header, which has no line break in it.
  const about = isPlain
    ? (cacheControl ?? '')
    : `${status}\n${authorization !== undefined}\n${asked}\n${cacheControl}\n${pragma}\n${setsCookie}`
  const before = expires === undefined ? known.get(about) : undefined
  if (before) return before
  const rule = ruleOf({ status, authorization, asked, cacheControl, pragma, expires, date, setsCookie })
  if (expires !== undefined) return rule
  if (known.size >= MOST_KNOWN) known.clear()
  // A client may send any length of Cache-Control.
  if (about.length < 500) known.set(about, rule)
  return rule
}

function ruleOf(saying: Saying): StoringRule {
  const { cacheControl, expires, setsCookie } = saying
  const directives = directivesOf(cacheControl)
  const policy = policyOf(saying, directives)
  const isStated = directives.has('s-maxage') || directives.has('max-age') || expires !== undefined
  // A cookie is for one client, and mostly so is the rest of the answer.
  const isPersonal = setsCookie && !directives.has('public')
  return {
    mayBeKept: !isPersonal && !needsValidation(saying, directives) && policy.storable(),
    freshMs: isStated ? policy.maxAge() * 1000 : undefined,
    staleIfErrorMs: millisecondsOf(directives, 'stale-if-error'),
    mustRevalidate: ['must-revalidate', 'proxy-revalidate', 's-maxage'].some((name) => directives.has(name)),
  }
}

function policyOf({ status, authorization, asked, expires, date }: Saying, directives: Directives): CachePolicy {
  const request = {
    // A listed route is one that reads, whatever its method.
    method: 'GET',
    headers: { ...(authorization !== undefined && { authorization }), 'cache-control': written(directivesOf(asked)) },
  }
  const headers = { 'cache-control': written(directives), date: new Date(date).toUTCString(), ...(expires !== undefined && { expires }) }
  return new CachePolicy(request, { status, headers }, { shared: true, cacheHeuristic: 0, immutableMinTimeToLive: 0 })
}

/** In the one form that http-cache-semantics reads. It forbids every use of `proxy-revalidate`; only a stale one is forbidden. */
function written(directives: Directives): string {
  return [...directives]
    .filter(([name, argument]) => name !== 'proxy-revalidate' && !/[,"\s]/.test(name + argument))
    .map(([name, argument]) => (argument === '' ? name : `${name}=${argument}`))
    .concat(['private', 'no-store'].filter((name) => directives.has(name)))
    .join(', ')
}

// There is nobody to ask when the upstream has failed.
function needsValidation({ cacheControl, pragma }: Saying, directives: Directives): boolean {
  return directives.has('no-cache') || (cacheControl === undefined && pragma !== undefined && /no-cache/i.test(pragma))
}
