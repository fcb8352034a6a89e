// The process that serves a plan's fake upstreams.
import type { Keep } from '../../kernel/process/kept.ts'
import { moduleBeside } from '../../kernel/process/sibling-module.ts'
import { type Role, startRole } from '../../kernel/process/start-role.ts'
import type { Plan } from '../../plan/plan.ts'
import type { UpstreamsConfig, UpstreamsInfo } from '../../upstreams/role.ts'
import { own } from '../../kernel/own.ts'

export interface Upstreams extends Pick<Role<UpstreamsInfo>, 'pid' | 'exited' | 'stop'>, AsyncDisposable {
  /** By upstream: the port of its traffic, and the base URL of its control API. */
  readonly ports: Readonly<Record<string, number>>
  readonly controlUrls: Readonly<Record<string, string>>
}

/** On `ports`, or on free ones. @throws GatecrashError `port_taken`, `child_failed` */
export async function startUpstreams(
  { seed, upstreams: planned, faults }: Plan,
  { onLines, keep }: { onLines: (lines: string) => void; keep?: Keep },
  ports: Readonly<Record<string, number>> = {},
): Promise<Upstreams> {
  const upstreams = Object.fromEntries(
    Object.entries(planned).map(([name, upstream]) => [
      name,
      { ...upstream, ...(Object.hasOwn(ports, name) && { port: own(ports, name)! }) },
    ]),
  )
  const customFaults = faults.flatMap(({ fault }) => (fault.made === 'request' && fault.fault.is === 'custom' ? [fault.fault] : []))
  const config: UpstreamsConfig = {
    seed,
    upstreams,
    customFaults: customFaults.map(({ module, export: name }) => ({ module, export: name })),
  }
  const role = await startRole<UpstreamsInfo>('upstreams', moduleBeside(import.meta, '../../upstreams/role'), config, {
    onLines,
    ...(keep && { keep }),
  })
  const served = Object.entries(role.info.upstreams)
  return {
    pid: role.pid,
    exited: role.exited,
    stop: () => role.stop(),
    ports: Object.fromEntries(served.map(([name, { port }]) => [name, port])),
    controlUrls: Object.fromEntries(served.map(([name, { controlUrl }]) => [name, controlUrl])),
    [Symbol.asyncDispose]: () => role.stop(),
  }
}
