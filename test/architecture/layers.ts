// Who may import whom, in one table. Read a row as: files of this folder may import from these folders.
//
//   kernel ◀── policies, evidence, upstreams, toxiproxy ◀── gateway, scenario ◀── judge ◀── stage ◀── report ◀── cli
//
// `values` are imports that remain at run time, `types` those that are stripped. Everything may import its own folder.

export interface Layer {
  values: readonly string[]
  types: readonly string[]
}

// Plan and journal are the data that travel between the parts of the harness: their shapes may be named from below, too.
const formats = ['scenario/plan.ts', 'evidence/events.ts'] as const
const engine = ['kernel', 'policies', 'evidence', 'upstreams', 'toxiproxy'] as const
const schemas = ['policies/settings.ts', 'upstreams/fault-schema.ts', 'upstreams/faults/kinds.ts'] as const
const declared = [...engine, 'gateway', 'scenario'] as const

export const layers: Readonly<Record<string, Layer>> = {
  kernel: { values: [], types: [] },
  policies: { values: ['kernel'], types: [] },
  // Evidence is folded over the windows of its plan; the arrivals of a plan are computed from it wherever they are needed.
  evidence: { values: ['kernel', 'scenario/arrivals.ts'], types: formats },
  upstreams: { values: ['kernel'], types: formats },
  toxiproxy: { values: ['kernel'], types: formats },
  gateway: { values: ['kernel', 'policies'], types: [] },
  // A plan quotes settings and faults, so their schemas are read there; all else of the machinery is known by shape only.
  scenario: { values: ['kernel', 'evidence', ...schemas], types: declared },
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
