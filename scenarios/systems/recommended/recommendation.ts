// What `tune` recommends for production, beside what is set there now and what both cost in the same trials. A system's file holds its own;
// `--policy recommended` plays a story with them.
//
// Each was found in one story, for the worst margin first, and then played in the system's other stories that can be simulated. A gain too
// small to matter changes no setting. A recovery time fits the story's outage, so that other outages may be worth a search of their own. For Gemini in podcast-episodes and podcast-quotas, which give it other time limits, none was sought.
import type { GatewaySettings } from '../../../src/index.ts'

interface Compared<Value> {
  present: Value
  recommended: Value
}

export interface Recommendation {
  /** It finds the same again. */
  command: string
  /** The scenario: a name, or a path. */
  story: string
  trials: number
  /** Each candidate was tried with these. */
  seeds: readonly number[]
  /** By path, as `--set` takes them. */
  settings: Readonly<Record<string, Compared<number | string>>>
  /** By objective: over all seeds, as `tune` tells them. */
  figures: Readonly<Record<string, Compared<string>>>
  /**
   * How often both passed, of five seeds from 42 on, in each story of the system that can be simulated: in the story made for the present
   * settings, as `run <story> --policy production --candidate … --simulate --repeat 5` plays it.
   */
  stories: Readonly<Record<string, Compared<`${number} of 5`>>>
  /** Where the recommended settings were seen to pass: with processes and sockets too, or on the simulated stage alone. */
  confirmed: 'live' | 'simulated'
}

/** Production settings with what is recommended in their place. */
export function withRecommended<Settings extends GatewaySettings>(
  production: Settings,
  recommendations: readonly Recommendation[],
): Settings {
  const found = recommendations.flatMap(({ settings }) => Object.entries(settings))
  // Only values are replaced, which keeps the type.
  return found.reduce<object>((group, [path, { recommended }]) => withValue(group, path.split('.'), recommended), production) as Settings
}

function withValue(group: object, [key = '', ...rest]: readonly string[], value: unknown): object {
  const inner: unknown = new Map(Object.entries(group)).get(key)
  const set = rest.length === 0 ? value : withValue(typeof inner === 'object' && inner !== null ? inner : {}, rest, value)
  return { ...group, [key]: set }
}
