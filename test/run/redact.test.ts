import { expect, it } from 'vitest'
import { plan } from '../report/reference-run.ts'
import { withoutSecretHeaders, withoutSecrets } from '../../src/run/redact.ts'

it.each([
  ['API_KEY=abc123 node gateway.js', 'API_KEY=*** node gateway.js'],
  ['node gateway.js --token abc123 --port 80', 'node gateway.js --token *** --port 80'],
  ['gw --db-password=x', 'gw --db-password=***'],
  ['http://user:pass@127.0.0.1:80/', 'http://***@127.0.0.1:80/'],
  ["API_KEY='abc 123' node gateway.js", 'API_KEY=*** node gateway.js'],
  ['API_KEY="abc 123" node gateway.js', 'API_KEY=*** node gateway.js'],
  ['gw --gateway "API_KEY=\\"abc 123\\" node"', 'gw --gateway "API_KEY=*** node"'],
  ['gw --token=-abc', 'gw --token=***'],
  ['gw -H "Authorization: Bearer abc.def"', 'gw -H "Authorization: ***"'],
  ["gw -H 'x-api-key: abc' --port 80", "gw -H 'x-api-key: ***' --port 80"],
  ['gw http://a/?api_key=abc&x=1', 'gw http://a/?api_key=***&x=1'],
  ['DB_PASS=x AUTH=y node gateway.js', 'DB_PASS=*** AUTH=*** node gateway.js'],
  ['gw sk-abcdefghijklmnopqrstuvwx AKIAABCDEFGHIJKLMNOP', 'gw *** ***'],
  ['gw --token --port 80', 'gw --token --port 80'],
  ['MYTOKEN=a dbpassword=b privateKey=c gw', 'MYTOKEN=*** dbpassword=*** privateKey=*** gw'],
  ['node monkey.js --keyboard us', 'node monkey.js --keyboard us'],
  ['node gateway.js', 'node gateway.js'],
])('keeps secrets out of what is recorded: %s', (command, recorded) => {
  expect(withoutSecrets(command)).toBe(recorded)
})

it('keeps the values of secret headers out of the recorded plan', () => {
  const [route] = plan.load.mix
  const headers = { Authorization: 'Bearer abc', 'x-api-key': 'abc', cookie: 'a=b', accept: 'text/plain' }
  const recorded = withoutSecretHeaders({ ...plan, load: { ...plan.load, mix: [{ ...route!, headers }] } })
  expect(recorded.load.mix[0]!.headers).toEqual({ Authorization: '***', 'x-api-key': '***', cookie: '***', accept: 'text/plain' })
  expect(recorded.load.mix[0]).toMatchObject({ paths: route!.paths, weight: route!.weight })
})

it('keeps the keys of identities out of it too', () => {
  const [route] = plan.load.mix
  const identities = [{ name: 'alice', headers: { 'x-api-key': 'abc', accept: 'text/plain' } }]
  const recorded = withoutSecretHeaders({ ...plan, load: { ...plan.load, mix: [{ ...route!, identities }] } })
  expect(recorded.load.mix[0]!.identities).toEqual([{ name: 'alice', headers: { 'x-api-key': '***', accept: 'text/plain' } }])
})
