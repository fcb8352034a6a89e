// What stands behind every proxy of the bench: one port that sends as fast as it is read, one that echoes.
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { serveRole } from '../../../src/kernel/role.ts'
import { listen } from '../../../src/kernel/server.ts'
import { BULK_BYTES } from './bulk.ts'

export interface EndpointsInfo {
  source: number
  echo: number
}

const block = Buffer.alloc(256 * 1024, 'x')

serveRole<null, EndpointsInfo>(async () => {
  const source = await listen(createServer((socket) => void pour(socket.on('error', () => {}))))
  const echo = await listen(
    createServer({ noDelay: true }, (socket) => {
      socket.on('error', () => {})
      socket.pipe(socket)
    }),
  )
  return {
    info: { source: source.port, echo: echo.port },
    stop: async () => {
      await Promise.all([source.close(), echo.close()])
    },
  }
})

async function pour(socket: Socket): Promise<void> {
  for (let left = BULK_BYTES; left > 0 && !socket.destroyed; left -= block.length)
    if (!socket.write(block)) await Promise.race([once(socket, 'drain'), once(socket, 'close')])
  socket.end()
}
