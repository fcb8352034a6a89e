// Servers on free loopback ports that close when their scope ends.
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net'
import { GatecrashError } from './errors.ts'

export interface Listening extends AsyncDisposable {
  readonly port: number
  readonly url: string
  /** Stops accepting, destroys open connections, resolves when the port is free. Safe to call twice. */
  close(): Promise<void>
}

/**
 * Listens on `host:port` (default: a free port on 127.0.0.1).
 * @throws GatecrashError `port_taken` when the port is in use
 */
export async function listen(server: Server, { port = 0, host = '127.0.0.1' }: { port?: number; host?: string } = {}): Promise<Listening> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException): void => {
      const taken = cause.code === 'EADDRINUSE'
      reject(
        taken ? new GatecrashError('port_taken', `port ${port} on ${host} is in use; choose another or stop its owner`, { cause }) : cause,
      )
    }
    server.once('error', refuse)
    server.listen(port, host, () => {
      server.off('error', refuse) // or it would swallow the first error of the running server
      resolve()
    })
  })
  const bound = (server.address() as AddressInfo).port
  let closing: Promise<void> | undefined
  const close = (): Promise<void> =>
    (closing ??= new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    }))
  const shown = host.includes(':') ? `[${host}]` : host
  return { port: bound, url: `http://${shown}:${bound}`, close, [Symbol.asyncDispose]: close }
}

/** A port on 127.0.0.1 that was free a moment ago, for a process that must be told its port. */
export async function freePort(): Promise<number> {
  await using held = await listen(createServer())
  return held.port
}
