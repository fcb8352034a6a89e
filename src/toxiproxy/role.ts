// The embedded server as a process of the stage.
import { serveRole } from '../kernel/process/role.ts'
import { serveToxiproxy } from './serve.ts'

export interface ToxiproxyRoleConfig {
  /** 0 takes a free one. */
  port: number
  seed: number
  /** Serves `/metrics`. */
  metrics?: boolean
}

export interface ToxiproxyRoleInfo {
  port: number
  url: string
}

serveRole<ToxiproxyRoleConfig, ToxiproxyRoleInfo>(async (config) => {
  const server = await serveToxiproxy(config)
  return { info: { port: server.port, url: server.url }, stop: () => server.close() }
})
