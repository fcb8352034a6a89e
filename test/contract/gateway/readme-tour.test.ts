// README's tour of the gateway: its config is one, and each of its requests is answered as it says.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type AskOptions, answer, rig, scriptedUpstream } from './rig.ts'

const readme = readFileSync('README.md', 'utf8')
const tour = /### The gateway by hand\n\n```sh\n([^`]*)```/.exec(readme)?.[1] ?? ''

it('is answered as it says', async () => {
  const [, config = ''] = /^echo '(.*)' > gateway\.json$/m.exec(tour) ?? []
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ gemini: upstream.url }, { config: JSON.parse(config) as object })
  const lines = tour.split('\n').filter((line) => line.startsWith('curl'))
  expect(lines.length).toBeGreaterThan(6)
  for (const line of lines) {
    const [, flags = '', path = '', status] = /^curl -i (.*)127\.0\.0\.1:8080(\S+) +# (\d{3}): /.exec(line) ?? []
    const { status: got, headers, text } = await gateway.ask(path, optionsIn(flags))
    expect([line, got]).toEqual([line, Number(status)])
    const isRefusal = got >= 400
    expect([Object.hasOwn(headers, 'x-gateway-error'), text.startsWith('{"error":{"code":')]).toEqual([isRefusal, isRefusal])
  }
})

function optionsIn(flags: string): AskOptions {
  const [, method] = /-X (\w+) /.exec(flags) ?? []
  const [, name, value] = /-H '([^:]+): ([^']+)'/.exec(flags) ?? []
  return {
    ...(method !== undefined && { method: method }),
    ...(name !== undefined && { headers: { [name]: value! } }),
  }
}
