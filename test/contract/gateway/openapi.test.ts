// The gateway describes itself, and what it describes is there.
import { expect, it } from 'vitest'
import { answer, rig, scriptedUpstream } from './rig.ts'

interface Document {
  openapi: string
  paths: Record<string, Record<string, { responses?: Record<string, unknown>; security?: unknown }>>
}

it('describes its own addresses, and each upstream that it forwards to', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ gemini: upstream.url, assemblyai: upstream.url })
  const { status, text } = await gateway.ask('/openapi.json')
  const { openapi, paths } = JSON.parse(text) as Document
  expect({ status, openapi }).toEqual({ status: 200, openapi: '3.1.0' })
  expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/healthz', '/readyz', '/metrics', '/gemini/{path}', '/assemblyai/{path}']))
  expect(Object.keys(paths['/gemini/{path}']!['post']!.responses!)).toEqual(
    expect.arrayContaining(['default', '413', '429', '502', '503', '504']),
  )
})

it('answers at every address that it describes as its own', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ gemini: upstream.url }, { config: { upstreams: { gemini: { breaker: {} } } } })
  const { paths } = JSON.parse((await gateway.ask('/openapi.json')).text) as Document
  const own = Object.entries(paths).filter(([path]) => !path.endsWith('/{path}') && !path.endsWith('/events'))
  expect(own.length).toBeGreaterThan(6)
  for (const [path, item] of own)
    for (const method of Object.keys(item).filter((key) => key === 'get' || key === 'post')) {
      const asked = await gateway.ask(path.replace('{name}', 'gemini'), { method: method === 'get' ? 'GET' : 'POST' })
      expect([path, asked.status]).toEqual([path, 200])
    }
})
