import { expect, it } from 'vitest'
import { responder } from '../../../src/upstreams/answering/responder.ts'
import { demo } from '../demo.ts'

it('hands no route what another has added to its query, its parameters or its headers', () => {
  const seen: string[] = []
  const changing: typeof demo = {
    ...demo,
    open: () => (_route, request) => {
      const { query, params, headers } = request
      seen.push([query.toString(), params['who'], params['added'], headers['added']].join(' '))
      query.append('added', 'yes')
      params['added'] = 'yes'
      headers['added'] = 'yes'
      return { body: query.toString() }
    },
  }
  const { respond, read, answer } = responder(changing, 1)
  const ask = (target: string): unknown => respond({ method: 'GET', target, body: Buffer.alloc(0), headers: {} }, 0)
  for (const target of ['/greet/ada', '/greet/ada', '/greet/ada?a=1', '/greet/ada']) ask(target)
  const question = read({ method: 'GET', target: '/greet/bob', body: Buffer.alloc(0) }, () => ({}))
  for (const id of ['r-1', 'r-2']) answer(question, id, 0)
  expect(seen).toEqual([' ada  ', ' ada  ', 'a=1 ada  ', ' ada  ', ' bob  ', ' bob  '])
})
