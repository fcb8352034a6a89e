// The process that serves all fake upstreams of a run. Started by the stage; see kernel/process/role.ts.
import { serveRole } from '../kernel/process/role.ts'
import { serveControlled } from './serve-controlled.ts'
import { loadCustomFaults, loadUpstream, type Place } from './find-module.ts'
import type { UpstreamEvent } from './serving/server.ts'

export interface UpstreamsConfig {
  seed: number
  /** By name. Without a port, a free one is taken. */
  upstreams: Record<string, Place & { port?: number }>
  /** Users' own request faults that the run will set. */
  customFaults?: Place[]
}

export interface UpstreamsInfo {
  upstreams: Record<string, { port: number; url: string; controlUrl: string }>
}

serveRole<UpstreamsConfig, UpstreamsInfo>(async (config, context) => {
  await using opening = new AsyncDisposableStack()
  const info: UpstreamsInfo = { upstreams: {} }
  const customFaults = await loadCustomFaults(config.customFaults ?? [])
  for (const [name, { port, ...place }] of Object.entries(config.upstreams)) {
    const upstream = await loadUpstream(place)
    const write = (event: UpstreamEvent): void => context.write(event)
    const options = { seed: config.seed, customFaults, write, ...(port !== undefined && { port }) }
    const { traffic, control } = opening.use(await serveControlled(upstream, options))
    info.upstreams[name] = { port: traffic.port, url: traffic.url, controlUrl: control.url }
  }
  const open = opening.move()
  return { info, stop: () => open.disposeAsync() }
})
