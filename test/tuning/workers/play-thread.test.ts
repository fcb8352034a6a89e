import { once } from 'node:events'
import type { HeapSpaceInfo } from 'node:v8'
import { expect, it } from 'vitest'
import { playThread } from '../../../src/tuning/workers/play-thread.ts'

it('has room for the garbage of a whole play from the beginning', async () => {
  const module = `import { getHeapSpaceStatistics } from 'node:v8'
    import { parentPort } from 'node:worker_threads'
    parentPort.postMessage(getHeapSpaceStatistics())`
  const thread = playThread(new URL(`data:text/javascript,${encodeURIComponent(module)}`))
  const [spaces] = (await once(thread, 'message')) as [HeapSpaceInfo[]]
  await thread.terminate()
  const young = spaces.find(({ space_name }) => space_name === 'new_space')!
  expect(young.space_used_size + young.space_available_size).toBeGreaterThanOrEqual(60 * 1024 * 1024)
})
