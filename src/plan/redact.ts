// Takes secrets out of what a run records, because reports are passed around.
//
//   a name that says so:    GH_PAT=…   --db-password …   Authorization: …   ?sig=…   "apiKey": "…"
//   a place that says so:   -u user:…   https://user:…@host
//   a form that says so:    ghp_…   AKIA…   eyJ….….…   -----BEGIN PRIVATE KEY-----
import type { Plan } from './plan.ts'

// Some words count anywhere in a name, others only as a whole word of it: `monkey` holds no key, `sigma` no sig, `path` no PAT.
const anywhere = String.raw`token|secret|passw(?:or)?d|passphrase|credential|authorization|connection_?string|(?:api|access|private|account|signing|encryption|license|master|session|shared)[_-]?key`
const aWord = 'keys?|pass|pwd|pw|auth|cookies?|pat|dsn|jwt|sig|signature|sas|otp|session_?id|sid|creds'
// What is said about a secret is none: where its file is, how long it lasts.
const ABOUT = String.raw`(?![\w.-]*[_.-](?:file|path|name|dir|folder|timeout|ttl|url|uri|endpoint|header|size|type|length|count|limit|store)(?![\w.-])|(?:max|min|num|total)[_-]?\w*tokens?(?![\w.-]))`
const NAMED = String.raw`(?:${ABOUT}(?:[\w.-]*(?:${anywhere})[\w.-]*|(?:[\w.-]*[_.-])?(?:${aWord})(?:[_.-][\w.-]*)?))`
// In quotes, which may be escaped in an outer pair, or up to the next blank.
const VALUE = String.raw`(?:\\"(?:(?!\\").)*\\"|"(?:[^"\\]|\\.)*"|'[^']*'|[^\s'"&;,)}\]]+)`
// The name may be in quotes, as in JSON; escaped, as in JSON inside quotes.
const QUOTE = String.raw`(?:\\?["'])?`

const pem = /-----BEGIN [A-Z ]*(?:PRIVATE KEY|CERTIFICATE)[A-Z ]*-----[\s\S]*?(?:-----END [A-Z ]*-----|$)/g
const assigned = new RegExp(`(?<![\\w])(${NAMED}${QUOTE}\\s?=\\s?)(?!=)${VALUE}`, 'gi')
const json = new RegExp(
  `((?:\\\\?["'])${NAMED}(?:\\\\?["'])\\s*:\\s*)(?:\\\\"(?:(?!\\\\").)*\\\\"|"(?:[^"\\\\]|\\\\.)*"|[\\w.+/=-]+)`,
  'gi',
)
const flagged = new RegExp(`(--?${NAMED}\\s+)(?!-)${VALUE}`, 'gi')
const header = new RegExp(`(?<![\\w-])(${NAMED}):(?!//)(\\s*)[^'"]+`, 'gi')
const secretName = new RegExp(`^(?:${NAMED})$`, 'i')
// curl, wget and their like: `-u user:secret`, `--user=user:secret`.
const userFlag = /(?<![\w-])(-u\s*|--(?:proxy-)?user(?:name)?[=\s]\s*)("[^"]*"|'[^']*'|[^\s:'"]+:[^\s'"]+)/g
const inUrl = /([a-z][a-z0-9+.-]*:\/\/)[^/\s@'"]+@/gi
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

/** A command line may carry secrets in assignments, flags, headers, JSON or URLs; a report is passed around. */
export function withoutSecrets(command: string): string {
  return command
    .replaceAll(pem, '***')
    .replaceAll(inUrl, '$1***@')
    .replaceAll(userFlag, (whole, flag: string, value: string) => (value.includes(':') && !/^\d+:\d+$/.test(value) ? `${flag}***` : whole))
    .replaceAll(json, '$1"***"')
    .replaceAll(assigned, '$1***')
    .replaceAll(flagged, '$1***')
    .replaceAll(header, '$1:$2***')
    .replaceAll(telltale, '***')
    .replaceAll(scheme, '$1$2***')
}

/**
 * A header that a scenario takes from its author's environment goes to the gateway, and nowhere else: no verdict depends on it.
 * The same holds for the headers of an identity, such as an API key, and for tokens among the settings of the gateway.
 */
export function planWithoutSecrets(plan: Plan): Plan {
  const { server, services } = plan.gateway
  const mix = plan.load.mix.map((route) => ({
    ...route,
    paths: route.paths.map(withoutSecretQuery),
    headers: withoutSecretValues(route.headers),
    ...(route.identities && {
      identities: route.identities.map((identity) => ({ ...identity, headers: withoutSecretValues(identity.headers) })),
    }),
  }))
  const gateway = {
    ...plan.gateway,
    ...(server && { server: withoutSecretSettings(server) }),
    ...(services && { services: withoutSecretSettings(services) }),
  }
  return { ...plan, gateway, load: { ...plan.load, mix } }
}

/** Settings of whatever depth. A number or a switch is no secret, whatever its name. */
function withoutSecretSettings<Settings>(settings: Settings): Settings {
  const shown = (name: string, value: unknown): unknown =>
    typeof value !== 'string' ? value : secretName.test(name) ? '***' : withoutSecrets(value)
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
