// Settings over settings, one by one: what is written later wins, and what it does not mention stays.
import type { GatewaySettings } from '../scenario.ts'

export function mergedSettings(...layers: readonly GatewaySettings[]): GatewaySettings {
  // Merging keeps the shape of what is merged, which the types of the entries cannot say.
  return layers.reduce((below, above) => merged(below as Group, above as Group) as GatewaySettings, {})
}

/** Those of these upstreams, and of the gateway itself. */
export function settingsAmong(upstreams: readonly string[], settings: GatewaySettings): GatewaySettings {
  const kept = Object.entries(settings).filter(([name]) => name === 'server' || name === 'services' || upstreams.includes(name))
  return Object.fromEntries(kept) as GatewaySettings
}

type Group = Record<string, unknown>

const isGroup = (value: unknown): value is Group => typeof value === 'object' && value !== null && !Array.isArray(value)

function merged(below: Group, above: Group): Group {
  const kept = new Map(Object.entries(below))
  for (const [name, value] of Object.entries(above)) {
    const under = kept.get(name)
    kept.set(name, isGroup(under) && isGroup(value) ? merged(under, value) : value)
  }
  return Object.fromEntries(kept)
}
