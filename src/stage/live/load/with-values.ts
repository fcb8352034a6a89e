// Requests whose headers name what only a run knows, such as the address of an upstream, with its values in their places.
import { type PlaceholderValues, filled } from '../../../plan/placeholders.ts'
import type { PlannedLoad } from '../../../plan/plan.ts'

export function withValues(load: PlannedLoad, values: PlaceholderValues): PlannedLoad {
  const headersWith = (headers: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, filled(text, values)]))
  const mix = load.mix.map((route) => ({
    ...route,
    headers: headersWith(route.headers),
    ...(route.identities && { identities: route.identities.map((each) => ({ ...each, headers: headersWith(each.headers) })) }),
  }))
  return { ...load, mix }
}
