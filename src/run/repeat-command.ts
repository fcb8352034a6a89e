// The command that repeats a run, in the form in which it is typed.
import type { Ms } from '../kernel/clock.ts'
import { READY_PATH } from '../contract/paths.ts'
import type { Plan } from '../plan/plan.ts'
import type { GatewayChoice } from '../stage/live/gateway-process.ts'
import { withoutSecrets } from './redact.ts'

export interface RepeatedFlags {
  policy: string
  gateway: GatewayChoice
  toxiproxy: string
  listen: Record<string, number>
  readyPath: string
  readyWithin: Ms
}

export const READY_WITHIN: Ms = 15_000

/** Secrets are taken out before anything is quoted: inside quotes they would be harder to see. */
export function commandOf(plan: Plan, { policy, gateway, toxiproxy, listen, readyPath, readyWithin }: RepeatedFlags): string {
  const isListed = plan.source === `scenarios/${plan.scenario}.ts`
  const own = gateway.kind === 'command' ? gateway.command : gateway.kind === 'url' ? gateway.url : undefined
  return [
    'npm run scenario --',
    isListed ? plan.scenario : quoted(plan.source),
    `--seed ${plan.seed}`,
    ...(policy === 'ci' ? [] : [`--policy ${policy}`]),
    ...(own === undefined ? [] : [`--gateway ${quoted(withoutSecrets(own))}`]),
    ...(readyPath === READY_PATH ? [] : [`--ready-path ${quoted(withoutSecrets(readyPath))}`]),
    ...(readyWithin === READY_WITHIN ? [] : [`--ready-within ${readyWithin}ms`]),
    ...Object.entries(listen).map(([name, port]) => `--listen ${quoted(`${name}=${port}`)}`),
    ...(toxiproxy === 'embedded' ? [] : [`--toxiproxy ${quoted(withoutSecrets(toxiproxy))}`]),
  ].join(' ')
}

/** As a shell takes it for one word, with nothing in it expanded. */
function quoted(word: string): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) return word
  return /["'$`\\!]/.test(word) ? `'${word.replaceAll("'", String.raw`'\''`)}'` : `"${word}"`
}
