// The same small answer to every request, in a process of its own: what both load generators are measured against.
import { createServer } from 'node:http'
import { serveRole } from '../../../src/kernel/process/role.ts'
import { listen } from '../../../src/kernel/server.ts'

export interface StaticServerInfo {
  url: string
}

const BODY = JSON.stringify({ answer: 'x'.repeat(80) })

serveRole<null, StaticServerInfo>(async () => {
  const server = await listen(
    createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': BODY.length }).end(BODY)
    }),
  )
  return { info: { url: server.url }, stop: () => server.close() }
})
