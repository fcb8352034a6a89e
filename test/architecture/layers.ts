// Who may import whom, in one table. Read a row as: files of this folder may import from these folders.
//
//   kernel ◀── policies, evidence, upstreams, toxiproxy ◀── gateway, scenario ◀── judge ◀── stage ◀── report ◀── cli
//
// `values` are imports that remain at run time, `types` those that are stripped. Everything may import its own folder.

export interface Layer {
  values: readonly string[]
  types: readonly string[]
}

const engine = ['kernel', 'policies', 'evidence', 'upstreams', 'toxiproxy'] as const
const declared = [...engine, 'gateway', 'scenario'] as const

export const layers: Readonly<Record<string, Layer>> = {
  kernel: { values: [], types: [] },
  policies: { values: ['kernel'], types: [] },
  evidence: { values: ['kernel'], types: [] },
  upstreams: { values: ['kernel'], types: [] },
  toxiproxy: { values: ['kernel'], types: [] },
  gateway: { values: ['kernel', 'policies'], types: [] },
  // A plan quotes the policy under test, so settings are parsed there; all else of the machinery is known by shape only.
  scenario: { values: ['kernel', 'evidence', 'policies/settings.ts'], types: declared },
  judge: { values: ['kernel', 'evidence', 'scenario'], types: declared },
  // The harness reaches a gateway only as a process, through HTTP: its types, never its code.
  stage: { values: [...engine, 'scenario', 'judge'], types: declared },
  simulation: { values: [...engine, 'scenario', 'judge'], types: declared },
  tuning: { values: ['kernel', 'policies', 'evidence', 'scenario', 'judge', 'stage', 'simulation'], types: declared },
  report: { values: ['kernel', 'evidence', 'scenario', 'judge'], types: declared },
  cli: { values: [...declared, 'judge', 'stage', 'simulation', 'tuning', 'report'], types: [] },
}

/** Whether a file of `folder` may import `target` (a path below src/, such as `policies/settings.ts`). */
export function mayImport(folder: string, target: string, typeOnly: boolean): boolean {
  const layer = layers[folder]
  if (!layer) return false
  const allowed = typeOnly ? [folder, ...layer.values, ...layer.types] : [folder, ...layer.values]
  return allowed.some((prefix) => target === prefix || target.startsWith(`${prefix}/`))
}
