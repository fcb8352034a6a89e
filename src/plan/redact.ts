// Takes secrets out of what a run records, because reports are passed around.
//
//   a name that says so:    GH_PAT=…   --db-password …   Authorization: …   ?sig=…   "apiKey": "…"
//   a place that says so:   -u user:…   https://user:…@host
//   a form that says so:    ghp_…   AKIA…   eyJ….….…   -----BEGIN PRIVATE KEY-----
import type { Plan } from './plan.ts'

// Some words count anywhere in a name, others only as a whole word of it: `monkey` holds no key, `sigma` no sig, `path` no PAT.
const anywhere = String.raw`token|secret|passw(?:or)?d|passphrase|credential|authorization|connection_?string|(?:api|access|private|account|signing|encryption|license|master|session|shared)[_-]?key`
const aWord = 'keys?|pass|pwd|pw|auth|cookies?|pat|dsn|jwt|sig|signature|sas|otp|session_?id|sid|creds'
// What a name has before and after its telling word. Bounded: what a gateway prints must not keep the search busy.
const PART = String.raw`[\w.-]{0,64}`
// What is said about a secret is none: where its file is, how long it lasts.
const ABOUT = String.raw`(?!${PART}[_.-](?:file|path|name|dir|folder|timeout|ttl|url|uri|endpoint|header|size|type|length|count|limit|store)(?![\w.-])|(?:max|min|num|total)[_-]?\w{0,64}tokens?(?![\w.-]))`
const NAMED = String.raw`(?:${ABOUT}(?:${PART}(?:${anywhere})${PART}|(?:${PART}[_.-])?(?:${aWord})(?:[_.-]${PART})?))`
// In quotes, which may be escaped in an outer pair, or up to the next blank.
const VALUE = String.raw`(?:\\"(?:(?!\\").)*\\"|"(?:[^"\\]|\\.)*"|'[^']*'|[^\s'"&;,)}\]]+)`
// The name may be in quotes, as in JSON; escaped, as in JSON inside quotes.
const QUOTE = String.raw`(?:\\?["'])?`

const pem = /-----BEGIN [A-Z ]{0,32}(?:PRIVATE KEY|CERTIFICATE)[A-Z ]{0,32}-----[\s\S]*?(?:-----END [A-Z ]{0,64}-----|$)/g
const assigned = new RegExp(`(?<![\\w])(${NAMED}${QUOTE}\\s?=\\s?)(?!=)${VALUE}`, 'gi')
const json = new RegExp(
  `((?:\\\\?["'])${NAMED}(?:\\\\?["'])\\s*:\\s*)(?:\\\\"(?:(?!\\\\").)*\\\\"|"(?:[^"\\\\]|\\\\.)*"|[\\w.+/=-]+)`,
  'gi',
)
const flagged = new RegExp(`(--?${NAMED}\\s+)(?!-)${VALUE}`, 'gi')
// Of a header the rest of its line; in YAML, what is in quotes.
const header = new RegExp(
  `(?<![\\w-])(${NAMED}):(?!//)([^\\S\\r\\n]*)(?:"(?:[^"\\\\\\r\\n]|\\\\.)*"|'[^'\\r\\n]*'|[^\\s'"][^'"\\r\\n]*)`,
  'gi',
)
// nginx and its like: `proxy_set_header X-Api-Key abc;`
const directive = new RegExp(`((?:_header|\\bheader)\\s+["']?${NAMED}["']?\\s+)${VALUE}`, 'gi')
// A pair: `{"name": "x-api-key", "value": "abc"}`, and the same in YAML.
const IS = String.raw`["']?\s{0,20}[:=]\s{0,20}`
const pair = new RegExp(
  String.raw`(["']?\b(?:key|name|header)${IS}["']?${NAMED}["']?\s{0,20},?\s{0,20}["']?(?:value|string)${IS})${VALUE}`,
  'gi',
)
// Without any of the words nothing below is looked for: most lines of a log have none.
const anyWord = new RegExp(`${anywhere}|(?<![a-z\\d])(?:${aWord})(?![a-z\\d])`, 'i')
const secretName = new RegExp(`^(?:${NAMED})$`, 'i')
// curl, wget and their like: `-u user:secret`, `--user=user:secret`.
const userFlag = /(?<![\w-])(-u\s*|--(?:proxy-)?user(?:name)?[=\s]\s*)("[^"]*"|'[^']*'|[^\s:'"]+:[^\s'"]+)/g
const inUrl = /([a-z][a-z0-9+.-]{0,32}:\/\/)[^/\s@'"]+@/gi
// Secrets that are recognised by their form: keys of well-known services, signed tokens, and what follows the name of a scheme.
const telltale = new RegExp(
  [
    String.raw`\b(?:sk|pk|rk)[-_](?:ant-|proj-|live_|test_|or-)?[\w-]{16,}`, // OpenAI, Anthropic, Stripe
    String.raw`\bwhsec_[\w+/=]{16,}`,
    String.raw`\b(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z0-9]{16}\b`, // AWS
    String.raw`\bAIza[\w-]{30,}`, // Google
    String.raw`\bya29\.[\w-]{20,}`,
    String.raw`\bGOCSPX-[\w-]{20,}`,
    String.raw`\bgh[oprsu]_\w{20,}`, // GitHub
    String.raw`\bgithub_pat_\w{20,}`,
    String.raw`\bglpat-[\w-]{16,}`, // GitLab
    String.raw`\bxox[abeoprs]-[\w-]{10,}`, // Slack
    String.raw`\bxapp-[\w-]{10,}`,
    String.raw`\bnpm_\w{20,}`,
    String.raw`\bpypi-[\w-]{20,}`,
    String.raw`\bhf_\w{20,}`,
    String.raw`\bSG\.[\w-]{16,}\.[\w-]{16,}`, // SendGrid
    String.raw`\bdop_v1_\w{20,}`,
    String.raw`\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*`, // JWT
    String.raw`(?<=hooks\.slack\.com/services/)[\w/]+`,
  ].join('|'),
  'g',
)
const scheme = /\b(Bearer|Basic|Digest|Negotiate|token)(\s+)(?=[\w.~+/=-]*[\d=.+/A-Z])[\w.~+/=-]{8,}/g

/** Texts carry secrets in assignments, flags, headers, settings, JSON or URLs; what a run records is passed around. */
export function withoutSecrets(text: string): string {
  const shown = text
    .replaceAll(pem, '***')
    .replaceAll(inUrl, '$1***@')
    .replaceAll(userFlag, (whole, flag: string, value: string) => (value.includes(':') && !/^\d+:\d+$/.test(value) ? `${flag}***` : whole))
  const named = anyWord.test(shown)
    ? shown
        .replaceAll(pair, '$1"***"')
        .replaceAll(directive, '$1***')
        .replaceAll(json, '$1"***"')
        .replaceAll(assigned, '$1***')
        .replaceAll(flagged, '$1***')
        .replaceAll(header, '$1:$2***')
    : shown
  return named.replaceAll(telltale, '***').replaceAll(scheme, '$1$2***')
}

/**
 * A header that a scenario takes from its author's environment goes to the gateway, and nowhere else: no verdict depends on it.
 * The same holds for the headers of an identity, such as an API key, for what bodies hold, and for tokens among the settings of the gateway.
 */
export function planWithoutSecrets(plan: Plan): Plan {
  const mix = plan.load.mix.map((route) => ({
    ...route,
    paths: route.paths.map(withoutSecretQuery),
    headers: withoutSecretValues(route.headers),
    bodies: withoutSecretSettings(route.bodies),
    ...(route.identities && {
      identities: route.identities.map((identity) => ({ ...identity, headers: withoutSecretValues(identity.headers) })),
    }),
  }))
  const gateway = withoutSecretSettings(plan.gateway)
  return { ...plan, gateway, load: { ...plan.load, mix } }
}

/** Settings of whatever depth. A number or a switch is no secret, whatever its name. */
function withoutSecretSettings<Settings>(settings: Settings): Settings {
  const shown = (name: string, value: unknown): unknown => {
    if (Array.isArray(value) && secretName.test(name)) return value.map((each) => (typeof each === 'string' ? '***' : each))
    return typeof value !== 'string' ? value : secretName.test(name) ? '***' : withoutSecrets(value)
  }
  return JSON.parse(JSON.stringify(settings, shown)) as Settings // of the same shape: texts alone change
}

/** `/v1?key=abc&alt=sse` → `/v1?key=***&alt=sse` */
function withoutSecretQuery(path: string): string {
  return path.replace(/[?&]([^=&]+)=([^&]*)/g, (whole, name: string) =>
    secretName.test(name) ? whole.slice(0, whole.indexOf('=') + 1) + '***' : whole,
  )
}

/** Values by name, of which a name or the value itself says that it is a secret. */
export function withoutSecretValues(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, secretName.test(name) ? '***' : withoutSecrets(value)]))
}

/** Shorter ones stand in too many texts by chance. */
const TELLING = 8

/**
 * The secrets themselves, among settings of whatever depth: by them a text is searched that does not name them. Longest first: one may be
 * a part of another.
 */
export function secretsIn(...settings: readonly unknown[]): string[] {
  const found = new Set<string>()
  const look = (name: string, value: unknown): unknown => {
    if (typeof value !== 'string') return value
    const password = URL.parse(value)?.password ?? ''
    for (const secret of [secretName.test(name) ? value : '', password, decoded(password)]) if (secret.length >= TELLING) found.add(secret)
    return value
  }
  JSON.stringify(settings, look)
  return [...found].toSorted((a, b) => b.length - a.length)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Takes out what has the form or the name of a secret, and the `known` ones wherever they stand. */
export function redactorOf(known: readonly string[]): (text: string) => string {
  return (text) => withoutSecrets(known.reduce((shown, secret) => shown.replaceAll(secret, '***'), text))
}
