// Who may import whom, in one table: files of a room may import from the rooms in its row, and from their own. Types count too.
//
//   kernel ◀ contract ◀ policies, toxiproxy, faults ◀ plan ◀ evidence, upstreams, gateway ◀ criteria ◀ scenario, project, judge
//          ◀ stage, simulation ◀ run ◀ vitest, tuning ◀ report ◀ cli

const machinery = ['kernel', 'contract', 'policies', 'toxiproxy', 'faults', 'plan'] as const
const seen = [...machinery, 'evidence', 'upstreams'] as const
const judged = [...seen, 'criteria'] as const
const played = [...judged, 'scenario', 'project', 'judge'] as const
const run = [...played, 'stage', 'simulation'] as const

export const layers: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  contract: ['kernel'],
  policies: ['kernel', 'contract'],
  toxiproxy: ['kernel', 'contract'],
  faults: ['kernel', 'contract', 'toxiproxy'],
  plan: ['kernel', 'contract', 'policies', 'toxiproxy', 'faults'],
  evidence: machinery,
  upstreams: [...machinery, 'evidence'],
  // A gateway is a process of its own: it knows nothing of the harness, and the harness nothing of it.
  gateway: ['kernel', 'contract', 'policies'],
  criteria: seen,
  // The one thing known of the reference gateway: the schema of its settings, so that a mistake in them is told before anything starts.
  scenario: [...judged, 'gateway/config.ts'],
  project: [...judged, 'scenario'],
  judge: judged,
  stage: played,
  simulation: played,
  run,
  vitest: [...run, 'run'],
  tuning: [...run, 'run'],
  report: [...run, 'run', 'tuning'],
  cli: [...run, 'run', 'tuning', 'report'],
}

/** Whether a file of `room` may import `target` (a path below src/, such as `policies/settings.ts`). */
export function mayImport(room: string, target: string): boolean {
  const row = layers[room]
  if (!row) return false
  return [room, ...row].some((prefix) => target === prefix || target.startsWith(`${prefix}/`))
}
