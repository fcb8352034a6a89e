// What is assumed of a gateway that a scenario says nothing about: common settings, from which phases and bounds are derived. Nobody
// promised them: what such a gateway does not have at all only warns.
import type { UpstreamPoliciesInput } from '../../policies/settings.ts'
import { type Ability, abilityNames } from '../../plan/ability.ts'
import { mergedSettings } from './merged-settings.ts'
import { type GatewayInput, type GatewaySettings, reference } from '../scenario.ts'

// A breaker opens after five failures where no setting says otherwise: to say so here would add to a rate that somebody expects instead.
const ci: UpstreamPoliciesInput = {
  timeout: { attempt: '1s', total: '5s' },
  breaker: { recovery: '5s', recoveryGrowth: 1 },
  retry: { attempts: 3 },
}

const production: UpstreamPoliciesInput = {
  timeout: { attempt: '10s', total: '30s' },
  breaker: { recovery: '60s', recoveryGrowth: 1 },
  retry: { attempts: 3, base: '1s' },
}

/** Common settings for these upstreams; `expects` is what the scenario knows better. */
export function commonGateway(upstreams: readonly string[], expects: GatewaySettings = {}): GatewayInput {
  const settings = (common: UpstreamPoliciesInput): GatewaySettings =>
    mergedSettings(Object.fromEntries(upstreams.map((name) => [name, common])), expects)
  return reference(settings(ci), { production: settings(production) })
}

/** By upstream, the abilities that somebody named: the scenario, or a path such as `gemini.breaker.failures`. */
export function namedAbilities(
  upstreams: readonly string[],
  expects: GatewaySettings,
  overrides: Readonly<Record<string, unknown>>,
): Record<string, Ability[]> {
  const known = new Map(Object.entries(expects))
  const paths = Object.keys(overrides).filter((path) => overrides[path] !== undefined)
  return Object.fromEntries(
    upstreams.map((name) => {
      const written = known.get(name) ?? {}
      const isNamed = (ability: Ability): boolean =>
        Object.hasOwn(written, ability) || paths.some((path) => path === `${name}.${ability}` || path.startsWith(`${name}.${ability}.`))
      return [name, abilityNames.filter(isNamed)]
    }),
  )
}
