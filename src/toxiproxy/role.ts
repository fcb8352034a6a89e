// The embedded server as a process of the stage.
import { serveRole } from '../kernel/process/role.ts'
import { serveToxiproxy } from './serve.ts'

export interface ToxiproxyRoleConfig {
  /** 0 takes a free one. */
  port: number
  seed: number
  /** Serves `/metrics`. */
  metrics?: boolean
  /** Writes what passes at the client side of its proxies to the journal (contract/front-events.ts). */
  front?: boolean
  /** Stands before another Toxiproxy: passes on resets, and half-closes of clients, as they are. */
  relay?: boolean
}

export interface ToxiproxyRoleInfo {
  /** Base of the control API. */
  url: string
}

serveRole<ToxiproxyRoleConfig, ToxiproxyRoleInfo>(async ({ front, ...config }, context) => {
  const server = await serveToxiproxy({ ...config, front: front ? (event) => context.write(event) : undefined })
  return { info: { url: server.url }, stop: () => server.close() }
})
