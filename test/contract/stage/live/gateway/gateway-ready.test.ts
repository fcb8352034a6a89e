// What is said of a gateway that does not get ready: what to do depends on whether anything answers.
import { createServer } from 'node:http'
import { expect, it } from 'vitest'
import { listen } from '../../../../../src/kernel/server.ts'
import { untilReady } from '../../../../../src/stage/live/gateway/gateway-ready.ts'

const options = { readyPath: '/up', readyWithinMs: 300, signal: new AbortController().signal }
const never = new Promise<never>(() => {})

it('asks for the path that says when it is ready where the gateway answers something else', async () => {
  await using server = await listen(createServer((_, response) => response.writeHead(404).end()))
  await expect(untilReady(server.url, never, options)).rejects.toThrow(
    /GET http:\S+\/up said status 404\. Name the path .*--ready-path, or readyPath in gatecrash\.config$/,
  )
})

it('asks it to listen where nothing answers', async () => {
  const server = await listen(createServer())
  await server.close()
  await expect(untilReady(server.url, never, options)).rejects.toThrow(/said ECONNREFUSED\. It must listen there, .* \$PORT/)
})
