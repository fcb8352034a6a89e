// What stands behind every proxy of the bench: one port that sends as fast as it is read, one that reads as fast as it is sent to,
// one that echoes.
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { serveRole } from '../../../src/kernel/process/role.ts'
import { listen } from '../../../src/kernel/server.ts'
import { BLOCK, BULK_BYTES } from './bulk.ts'

/** Ports. */
export interface Endpoints {
  source: number
  sink: number
  echo: number
}

serveRole<null, Endpoints>(async () => {
  const serve = (behaviour: (socket: Socket) => void) => listen(createServer({ noDelay: true }, behaviour))
  const ends = { source: await serve((socket) => void pour(socket)), sink: await serve(drain), echo: await serve(echo) }
  return {
    info: { source: ends.source.port, sink: ends.sink.port, echo: ends.echo.port },
    stop: async () => {
      await Promise.all(Object.values(ends).map((end) => end.close()))
    },
  }
})

async function pour(socket: Socket): Promise<void> {
  socket.on('error', () => {})
  for (let left = BULK_BYTES; left > 0 && !socket.destroyed; left -= BLOCK.length)
    if (!socket.write(BLOCK)) await Promise.race([once(socket, 'drain'), once(socket, 'close')])
  socket.end()
}

/** Answers when everything is here. */
function drain(socket: Socket): void {
  let bytes = 0
  socket.on('error', () => {})
  socket.on('data', (data) => {
    bytes += data.length
    if (bytes === BULK_BYTES) socket.write('.')
  })
}

function echo(socket: Socket): void {
  socket.on('error', () => {})
  socket.pipe(socket)
}
