// Takes secrets out of what a run records, because reports are passed around.
import type { Plan } from '../plan/plan.ts'

// Names whose values are secrets. Some words count anywhere in a name, others only as a whole word of it: `monkey` holds no key.
const NAMED = String.raw`(?:[\w-]*(?:token|secret|passw(?:or)?d|credential)[\w-]*|(?:[\w-]*[_-])?(?:(?:api|access|private)?keys?|pass|pwd|auth(?:orization)?|cookie)(?:[_-][\w-]*)?)`
// In quotes, which may be escaped in an outer pair, or up to the next blank.
const VALUE = String.raw`(?:\\"(?:(?!\\").)*\\"|"[^"]*"|'[^']*'|[^\s'"&]+)`
const assigned = new RegExp(`(?<![\\w])(${NAMED}=)${VALUE}`, 'gi')
const flagged = new RegExp(`(--?${NAMED}\\s+)(?!-)${VALUE}`, 'gi')
const header = new RegExp(`(?<![\\w-])(${NAMED}:\\s*)[^'"]+`, 'gi')
const secretName = new RegExp(`^${NAMED}$`, 'i')
const inUrl = /(\/\/)[^/\s@]+@/g
// Secrets that are recognised by their form: keys of well-known services, and signed tokens.
const telltale = /\b(?:sk-[\w-]{16,}|AKIA[A-Z0-9]{16}|gh[opsu]_\w{20,}|xox[abp]-[\w-]{10,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)/g

/** A command line may carry secrets in assignments, flags, headers or URLs; a report is passed around. */
export function withoutSecrets(command: string): string {
  return command
    .replaceAll(assigned, '$1***')
    .replaceAll(flagged, '$1***')
    .replaceAll(header, '$1***')
    .replaceAll(inUrl, '$1***@')
    .replaceAll(telltale, '***')
}

/**
 * A header that a scenario takes from its author's environment goes to the gateway, and nowhere else: no verdict depends on it.
 * The same holds for the headers of an identity, such as an API key.
 */
export function withoutSecretHeaders(plan: Plan): Plan {
  const mix = plan.load.mix.map((route) => ({
    ...route,
    headers: withoutSecretValues(route.headers),
    ...(route.identities && {
      identities: route.identities.map((identity) => ({ ...identity, headers: withoutSecretValues(identity.headers) })),
    }),
  }))
  return { ...plan, load: { ...plan.load, mix } }
}

function withoutSecretValues(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, secretName.test(name) ? '***' : value]))
}
