// That this Node lets an accepted connection move: were it not so, everything would still work, at the speed of a plain proxy.
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { listen } from '../../../../src/kernel/server.ts'
import { movedToReusedBuffer } from '../../../../src/toxiproxy/proxy/read-buffer.ts'

it('moves an accepted connection to reused memory, and keeps it counted by its server until it closes', async () => {
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true })
  await using listening = await listen(server)
  const dialled = connect(listening.port, '127.0.0.1')
  const [accepted] = (await once(server, 'connection')) as [Socket]
  const seen: string[] = []
  const memory: ArrayBufferLike[] = []
  const socket = movedToReusedBuffer(accepted, (data) => {
    seen.push(data.toString())
    memory.push(data.buffer)
    socket.write('more')
    return false
  })
  expect(socket).not.toBe(accepted)

  dialled.write('one')
  await new Promise((turn) => setImmediate(turn))
  expect(seen).toEqual([])

  socket.resume()
  await once(dialled, 'data')
  dialled.write('two')
  await once(dialled, 'data')
  expect(seen).toEqual(['one', 'two'])
  expect(memory[0]).toBe(memory[1])

  const count = (): Promise<number> =>
    new Promise((resolve, reject) => server.getConnections((error, connections) => (error ? reject(error) : resolve(connections))))
  expect(await count()).toBe(1)
  socket.destroy()
  await once(accepted, 'close')
  expect(await count()).toBe(0)
})
