import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RequestHead, RequestHeads } from '../../../src/toxiproxy/front/request-heads.ts'
import { propertyRuns } from '../../property-runs.ts'

describe('the heads of requests', () => {
  it('tell method, path, request id and idempotency key', () => {
    const { heads, opaque } = read(
      'POST /v1/issues?expand=all HTTP/1.1\r\nHost: a\r\nX-Request-ID:  r-1 \r\nidempotency-key: k\r\nContent-Length: 3\r\n\r\nabc',
    )
    expect(heads).toEqual([{ method: 'POST', path: '/v1/issues', request: 'r-1', key: 'k' }])
    expect(opaque).toBe(false)
  })

  it.each([
    ['http://jira.test:8080/rest?x=1', '/rest'],
    ['https://jira.test', '/'],
    ['*', '*'],
    ['/a#b', '/a'],
    [`/${'x'.repeat(5000)}`, `/${'x'.repeat(1023)}`],
  ])('name the path of %s', (target, path) => {
    expect(read(`GET ${target} HTTP/1.1\r\n\r\n`).heads).toMatchObject([{ path }])
  })

  it('follow one another on a connection, whether or not the client waits for answers', () => {
    const requests = ['GET /1 HTTP/1.1\r\n\r\n', 'PUT /2 HTTP/1.1\r\ncontent-length: 5\r\n\r\n12345', 'GET /3 HTTP/1.0\r\n\r\n']
    expect(paths(read(requests.join('')))).toEqual(['/1', '/2', '/3'])
  })

  it('are not looked for in bodies', () => {
    const inner = 'GET /inner HTTP/1.1\r\n\r\n'
    const sized = `POST /sized HTTP/1.1\r\ncontent-length: ${inner.length}\r\n\r\n${inner}`
    const chunked = `POST /chunked HTTP/1.1\r\ntransfer-encoding: gzip, Chunked\r\n\r\n${inner.length.toString(16)};x=y\r\n${inner}\r\n3\r\nabc\r\n0\r\nx-checksum: 1\r\n\r\n`
    const both = `POST /both HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n`
    expect(paths(read(`${sized}${chunked}${both}GET /last HTTP/1.1\r\n\r\n`))).toEqual(['/sized', '/chunked', '/both', '/last'])
  })

  it('come when they are whole, before their bodies, as under "Expect: 100-continue"', () => {
    const heads: RequestHead[] = []
    const reader = new RequestHeads((head) => heads.push(head))
    reader.read(Buffer.from('PUT /large HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r'))
    expect(heads).toEqual([])
    reader.read(Buffer.from('\n'))
    expect(heads).toHaveLength(1)
    reader.read(Buffer.from('bodyGET /next HTTP/1.1\r\n\r\n'))
    expect(heads.map(({ path }) => path)).toEqual(['/large', '/next'])
  })

  it('may follow empty lines, and lines may end without a CR', () => {
    expect(paths(read('\r\n\r\nGET /1 HTTP/1.1\nhost: a\n\nGET /2 HTTP/1.1\r\nfolded: a\r\n b: c\r\n\r\n'))).toEqual(['/1', '/2'])
  })

  it('follow a refused upgrade, and end with one that was accepted', () => {
    const upgrade = 'GET /1 HTTP/1.1\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAM\r\n\r\n'
    expect(read(`${upgrade}GET /2 HTTP/1.1\r\n\r\n`)).toMatchObject({ heads: [{ path: '/1' }, { path: '/2' }], opaque: false })
    const accepted = `${upgrade}PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`
    expect(read(`${accepted}GET /hidden HTTP/1.1\r\n\r\n`)).toMatchObject({ heads: [{ path: '/1' }], opaque: true })
    const frame = `GET /socket HTTP/1.1\r\nupgrade: websocket\r\n\r\n\x81\x85maskGET /hidden HTTP/1.1\r\n\r\n`
    expect(read(frame)).toMatchObject({ heads: [{ path: '/socket' }], opaque: true })
  })

  it('end with CONNECT', () => {
    const tunnel = 'CONNECT jira.test:443 HTTP/1.1\r\n\r\nGET /hidden HTTP/1.1\r\n\r\n'
    expect(read(tunnel)).toMatchObject({ heads: [{ method: 'CONNECT', path: 'jira.test:443' }], opaque: true })
  })

  it.each([
    ['a TLS handshake', '\x16\x03\x01\x02\x00\x01'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a protocol of lines', '*1\r\n$4\r\nPING\r\n'],
    ['words without a version', 'HELLO world\r\n'],
    ['a word that never ends', 'x'.repeat(40)],
    ['an unfinished word', 'HELO'],
  ])('are not found in %s, which is opaque', (_, bytes) => {
    expect(read(bytes)).toEqual({ heads: [], opaque: true })
  })

  it.each([
    ['two lengths', 'content-length: 3\r\ncontent-length: 4'],
    ['a length that is no number', 'content-length: -3'],
    ['a coding that is not chunked', 'transfer-encoding: gzip'],
    ['a chunked body of HTTP/1.0', 'transfer-encoding: chunked', '1.0'],
  ])('end with a body of unknown length: %s', (_, fields, version = '1.1') => {
    const after = '3\r\nabc\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\n\r\n'
    expect(read(`POST /1 HTTP/${version}\r\n${fields}\r\n\r\n${after}`)).toMatchObject({ heads: [{ path: '/1' }], opaque: true })
  })

  it('end with a broken head or chunk', () => {
    expect(read('GET /1 HTTP/1.1\r\nno field\r\n\r\n')).toEqual({ heads: [], opaque: true })
    for (const chunk of ['g\r\n', '-1\r\n', '3\r\nabcd\r\n'])
      expect(read(`POST /1 HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n${chunk}`)).toMatchObject({ heads: [{}], opaque: true })
  })

  it('keep at most 64 KiB of what has no end', () => {
    const line = Buffer.alloc(64 * 1024, 'x')
    for (const start of ['GET /', 'GET / HTTP/1.1\r\nx: ', 'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1;']) {
      expect(read(start).opaque).toBe(start === 'GET /')
      expect(read(start, line).opaque).toBe(true)
    }
    const fields = 'x: y\r\n'.repeat(20_000)
    expect(read(`GET / HTTP/1.1\r\n${fields}\r\n`)).toEqual({ heads: [], opaque: true })
  })
})

describe('any chunking of a stream', () => {
  const token = fc.constantFrom('GET', 'POST', 'DELETE', 'QUERY')
  const body = fc.string({ unit: fc.constantFrom('\r', '\n', 'G', ' ', '/', ':', '0'), maxLength: 40 })
  const fieldLines = fc.array(fc.constantFrom('host: a', 'x-request-id: r', 'idempotency-key: k', 'upgrade: h2c'), { maxLength: 4 })
  const request = fc.tuple(token, fieldLines, fc.array(body, { maxLength: 3 }), fc.boolean()).map(([method, fields, pieces, chunked]) => {
    const whole = pieces.join('')
    const sized = [`content-length: ${whole.length}`]
    const head = [`${method} /path HTTP/1.1`, ...fields, ...(chunked ? ['transfer-encoding: chunked'] : sized)].join('\r\n')
    const chunks = pieces.filter(Boolean).map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`)
    return `${head}\r\n\r\n${chunked ? `${chunks.join('')}0\r\n\r\n` : whole}`
  })
  const cuts = fc.array(fc.nat(400), { maxLength: 30 })

  it('gives the same heads, one for each request', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 6 }), cuts, (requests, at) => {
        const whole = read(requests.join(''))
        expect(whole.heads).toHaveLength(requests.length)
        expect(whole.opaque).toBe(false)
        expect(read(...cutAt(requests.join(''), at))).toEqual(whole)
        expect(read(...requests.join('').split(''))).toEqual(whole)
      }),
      { numRuns: propertyRuns(0.5) },
    )
  })

  it('says the same of garbage', () => {
    const noise = fc.string({ unit: fc.constantFrom('\r\n', 'GET ', '/x', ' HTTP/1.1', '\x16', '\xff', 'content-length: 3', '0', ';') })
    fc.assert(
      fc.property(noise, cuts, (stream, at) => {
        expect(read(...cutAt(stream, at))).toEqual(read(stream))
        expect(read(...stream.split(''))).toEqual(read(stream))
      }),
      { numRuns: propertyRuns(0.5) },
    )
  })
})

/** What is found when these pieces arrive one after the other, in memory that is used again. */
function read(...pieces: (string | Buffer)[]): { heads: RequestHead[]; opaque: boolean } {
  const heads: RequestHead[] = []
  const reader = new RequestHeads((head) => heads.push(head))
  for (const piece of pieces) {
    const memory = Buffer.from(piece as string, 'latin1')
    reader.read(memory)
    memory.fill('#')
  }
  return { heads, opaque: reader.opaque }
}

function paths({ heads }: { heads: RequestHead[] }): string[] {
  return heads.map(({ path }) => path)
}

function cutAt(stream: string, cuts: readonly number[]): string[] {
  const ends = [...new Set(cuts.map((cut) => Math.min(cut, stream.length)))].toSorted((a, b) => a - b)
  return [...ends, stream.length].map((end, index) => stream.slice(index === 0 ? 0 : ends[index - 1], end))
}
