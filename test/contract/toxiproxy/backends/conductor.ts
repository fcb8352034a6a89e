// A conductor reduced to what must not outlive it: a Toxiproxy of the kind that its first argument asks for, with proxies and faults,
// and a front if the second one is `front`. It says what it has, and waits to be killed.
import { startToxiproxy } from '../../../../src/toxiproxy/backends/start.ts'

const { control, pids, url } = await startToxiproxy(process.argv[2]!, {
  seed: 1,
  runId: 'doomed',
  front: process.argv[3] === 'front',
})
for (const name of ['holed', 'closed']) await control.createProxy({ name, upstream: '127.0.0.1:9' })
const hole = { type: 'timeout', attributes: { timeout: 0 } } as const
await control.addFault('holed', 'F1', { is: 'toxic', toxic: hole, stream: 'downstream', toxicity: 1 })
await control.addFault('closed', 'F2', { is: 'down' })
process.stdout.write(`${JSON.stringify({ url, pids })}\n`)
setInterval(() => {}, 1000)
