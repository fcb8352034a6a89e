// The least that a proxy can be: two pipes.
import { connect, createServer } from 'node:net'
import { serveRole } from '../../../src/kernel/process/role.ts'
import { listen } from '../../../src/kernel/server.ts'

/** Ports to forward to, and the ports that do. */
export interface PipeConfig {
  upstreams: number[]
}

serveRole<PipeConfig, { ports: number[] }>(async ({ upstreams }) => {
  const servers = await Promise.all(
    upstreams.map((port) =>
      listen(
        createServer({ noDelay: true }, (client) => {
          const server = connect({ port, host: '127.0.0.1', noDelay: true })
          for (const socket of [client, server]) socket.on('error', () => {})
          client.pipe(server).pipe(client)
        }),
      ),
    ),
  )
  return {
    info: { ports: servers.map(({ port }) => port) },
    stop: async () => {
      await Promise.all(servers.map((server) => server.close()))
    },
  }
})
