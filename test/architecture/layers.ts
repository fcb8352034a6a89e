// Who may import whom, in one table: files of a room may import from the rooms in its row, and from their own. Types count too.
//
//   kernel ◀ contract ◀ policies, faults ◀ plan ◀ evidence, upstreams, gateway, toxiproxy ◀ criteria ◀ scenario, project, judge
//          ◀ stage, simulation ◀ run ◀ tuning ◀ report ◀ vitest, cli

const machinery = ['kernel', 'contract', 'policies', 'faults', 'plan'] as const
const seen = [...machinery, 'evidence', 'upstreams'] as const
const judged = [...seen, 'criteria'] as const
const played = [...judged, 'scenario', 'project', 'judge'] as const
const run = [...played, 'stage', 'simulation'] as const

export const layers: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  contract: ['kernel'],
  policies: ['kernel', 'contract'],
  faults: ['kernel', 'contract'],
  plan: ['kernel', 'contract', 'policies', 'faults'],
  evidence: machinery,
  upstreams: [...machinery, 'evidence'],
  // A gateway is a process of its own: it knows nothing of the harness, and the harness nothing of it.
  gateway: ['kernel', 'contract', 'policies'],
  // A server makes the toxics that faults define. The stage and the command line alone know that it exists.
  toxiproxy: ['kernel', 'contract', 'faults'],
  criteria: seen,
  // The one thing known of the reference gateway: the schema of its settings, so that a mistake in them is told before anything starts.
  scenario: [...judged, 'gateway/config.ts'],
  project: [...judged, 'scenario'],
  judge: judged,
  stage: [...played, 'toxiproxy'],
  // What the live gateway and the live load compute without a socket is used as it is: nothing is modelled twice.
  simulation: [
    ...played,
    'gateway/admin/breaker-views.ts',
    'gateway/cache',
    'gateway/config.ts',
    'gateway/request/head-time.ts',
    'gateway/request/read-body.ts',
    'gateway/request/refusal.ts',
    'gateway/request/substitute-response.ts',
    'gateway/request/target.ts',
    'gateway/upstream/deadlines.ts',
    'gateway/upstream/stream-kind.ts',
    'toxiproxy/proxy/link.ts',
    'toxiproxy/proxy/toxic-on-proxy.ts',
    'stage/stage.ts',
    'stage/live/load',
  ],
  run,
  tuning: [...run, 'run'],
  report: [...run, 'run', 'tuning'],
  // A test that fails tells what a terminal does.
  vitest: [...run, 'run', 'report'],
  cli: [...run, 'run', 'tuning', 'report', 'toxiproxy'],
}

/** Whether a file of `room` may import `target` (a path below src/, such as `policies/settings.ts`). */
export function mayImport(room: string, target: string): boolean {
  const row = layers[room]
  if (!row) return false
  return [room, ...row].some((prefix) => target === prefix || target.startsWith(`${prefix}/`))
}
