// What the callbacks of a scenario are given, and whether they asked which upstream the story is about.
import type { Given, SettingsView } from './scenario.ts'

export function givenOf(
  gateway: SettingsView<string>,
  { upstream, routes }: { upstream: string; routes: string[] },
): { given: Given; isAsked: () => boolean } {
  let asked = false
  const told = <Value>(value: () => Value): Value => {
    asked = true
    return value()
  }
  const given: Given = {
    gateway,
    routes,
    get upstream() {
      return told(() => upstream)
    },
    get policies() {
      // Every upstream of the scenario has its settings in the view, which refuses any other.
      return told(() => gateway[upstream]!)
    },
  }
  return { given, isAsked: () => asked }
}
