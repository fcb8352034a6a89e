// What a run's record holds of the project's config, beside the plan that was made with it: as it was written, without secrets.
import { nearPath } from '../../kernel/modules/near-path.ts'
import type { Project } from '../../project/project.ts'
import { withoutSecretValues, withoutSecrets } from '../../plan/redact.ts'

export interface ConfigRecord {
  /** As it is shown: relative to the working directory where it lies below it. */
  file: string
  /** Variables with placeholders, and templates by the files' names. Absent where the config starts no gateway. */
  gateway?: { env: Record<string, string>; files: Record<string, string>; readyPath?: string; readyWithinMs?: number }
  upstreams?: string[]
  ratePerSecond?: number
  flags?: Record<string, string>
}

export function configRecord({ source, gateway, system, flags }: Project): ConfigRecord {
  const { env = {}, files = {} } = gateway?.setup ?? {}
  const { readyPath, readyWithinMs } = gateway ?? {}
  const told = Object.entries(flags).map(([name, value]) => [name, String(value)])
  return {
    file: source,
    ...(gateway && {
      gateway: {
        env: withoutSecretValues(env),
        files: Object.fromEntries(Object.entries(files).map(([name, template]) => [name, nearPath(template)])),
        ...(readyPath !== undefined && { readyPath }),
        ...(readyWithinMs !== undefined && { readyWithinMs }),
      },
    }),
    ...(system && { upstreams: Object.keys(system.upstreams) }),
    ...(system?.ratePerSecond !== undefined && { ratePerSecond: system.ratePerSecond }),
    ...(told.length > 0 && { flags: Object.fromEntries(told.map(([name = '', value = '']) => [name, withoutSecrets(value)])) }),
  }
}
