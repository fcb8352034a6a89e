// Who may ask the operators' addresses when no token is set, and who when one is.
import { expect, it } from 'vitest'
import { sendBytes } from '../hostile/raw.ts'
import { answer, rig, scriptedUpstream } from './rig.ts'

const RESET = '/api/v1/resilience/circuit-breakers/a/reset'

const asked: [status: number, who: string, host: string, headers: string[]][] = [
  [200, 'a program on this machine', '127.0.0.1:8080', []],
  [200, 'a program that says localhost', 'LocalHost', []],
  [200, 'a program on this machine, by IPv6', '[::1]:8080', []],
  [200, 'a page that was opened by hand', '127.0.0.1', ['sec-fetch-site: none']],
  [200, 'a page of the gateway itself', '127.0.0.1:80', ['origin: http://127.0.0.1:80', 'sec-fetch-site: same-origin']],
  [403, 'a name that was made to point here', 'evil.example', []],
  [403, 'a name that begins like ours', 'localhost.evil.example', []],
  [403, 'a name that begins like our address', '127.0.0.1.evil.example', []],
  [403, 'a reverse proxy that names its client', '127.0.0.1', ['x-forwarded-for: 9.9.9.9']],
  [403, 'a reverse proxy by RFC 7239', '127.0.0.1', ['forwarded: for=9.9.9.9']],
  [403, 'a reverse proxy that says Via', '127.0.0.1', ['via: 1.1 proxy']],
  [403, 'a reverse proxy that names a real address', '127.0.0.1', ['x-real-ip: 127.0.0.1']],
  [403, 'a page of another site', '127.0.0.1', ['origin: http://evil.example']],
  [403, 'a page of no site', '127.0.0.1', ['origin: null']],
  [403, 'a page of another port', '127.0.0.1:80', ['origin: http://127.0.0.1:81']],
  [403, 'a page of another site, as its browser says', '127.0.0.1', ['sec-fetch-site: cross-site']],
  [403, 'a page of the same site, as its browser says', '127.0.0.1', ['sec-fetch-site: same-site']],
]

it.each(asked)('answers %i without a token to %s', async (status, _who, host, headers) => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ a: upstream.url }, { config: { upstreams: { a: { breaker: {} } } } })
  for (const line of [`POST ${RESET}`, 'GET /metrics', 'GET /api/v1/resilience/health']) {
    const bytes = `${line} HTTP/1.1\r\nhost: ${host}\r\n${headers.map((each) => `${each}\r\n`).join('')}\r\n`
    const { answers } = await sendBytes(gateway.gateway.port, bytes, 1000, 1)
    expect(answers.map((each) => each.status)).toEqual([status])
  }
})

it.each([
  [200, 'Bearer s3cret'],
  [200, 'bearer s3cret'],
  [403, 'Bearer s3cre'],
  [403, 'Bearer s3crets'],
  [403, 'Bearer S3CRET'],
  [403, 'Basic s3cret'],
  [403, 's3cret'],
  [403, ''],
])('answers %i with a token set to "%s", whoever asks', async (status, authorization) => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ a: upstream.url }, { config: { server: { adminToken: 's3cret' } } })
  const bytes = `GET /metrics HTTP/1.1\r\nhost: ops.example\r\nx-forwarded-for: 9.9.9.9\r\nauthorization: ${authorization}\r\n\r\n`
  const { answers } = await sendBytes(gateway.gateway.port, bytes, 1000, 1)
  expect(answers.map((each) => each.status)).toEqual([status])
})
