// The upstreams that a scenario, or a project, names.
import type { Problem } from '../../kernel/errors.ts'
import { shown } from '../../kernel/validation.ts'
import type { UpstreamReference } from '../scenario.ts'

export function checkUpstreams(upstreams: Readonly<Record<string, UpstreamReference>>, place: string, problems: Problem[]): void {
  const entries = Object.entries(upstreams)
  if (entries.length === 0) problems.push({ path: place, message: 'name at least one upstream' })
  for (const [key, upstream] of entries)
    if (key === 'server' || key === 'services')
      problems.push({ path: `${place}.${key}`, message: 'is the name of settings of the gateway itself; rename the upstream' })
    else if (upstream?.name !== key)
      problems.push({ path: `${place}.${key}`, message: `must be listed under its own name ${shown(upstream?.name)}` })
}
