// A client of bytes: what libraries would never send, and what came back for it.
import { connect, type Socket } from 'node:net'
import { type Ms, realClock } from '../../../src/kernel/clock.ts'

export interface RawAnswer {
  status: number
  headers: Map<string, string>
  body: string
}

export interface Heard {
  answers: RawAnswer[]
  text: string
  /** Whether the other side ended the connection. */
  closed: boolean
}

/**
 * Sends `bytes` (text is taken as Latin-1), and listens until the connection ends or nothing more comes for `quietMs`; or for a
 * moment, once there are `enough` final answers.
 */
export async function sendBytes(port: number, bytes: string | Buffer, quietMs: Ms = 300, enough = Infinity): Promise<Heard> {
  const socket = await open(port)
  let text = ''
  let closed = false
  let heardAt = realClock.now()
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
    heardAt = realClock.now()
  })
  socket.on('close', () => (closed = true)).on('error', () => {})
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  const quietFor = (): Ms => realClock.now() - heardAt
  // What should not come has a moment to come.
  const isOver = (): boolean =>
    closed || quietFor() >= quietMs || (quietFor() > 50 && answersIn(text).filter(({ status }) => status >= 200).length >= enough)
  while (!isOver()) await realClock.sleep(5)
  socket.destroy()
  return { answers: answersIn(text), text, closed }
}

export function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket))
    socket.once('error', reject)
  })
}

/** Answers with a length or in chunks, one after the other, interim ones included. */
export function answersIn(text: string): RawAnswer[] {
  const answers: RawAnswer[] = []
  for (let rest = text; rest.startsWith('HTTP/');) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) break
    const [line = '', ...lines] = rest.slice(0, end).split('\r\n')
    const status = Number(line.split(' ')[1])
    const headers = new Map(lines.map((each) => [each.split(':', 1)[0]!.toLowerCase(), each.slice(each.indexOf(':') + 1).trim()]))
    rest = rest.slice(end + 4)
    const { body, after } = bodyIn(rest, status, headers)
    answers.push({ status, headers, body })
    rest = after
  }
  return answers
}

function bodyIn(rest: string, status: number, headers: ReadonlyMap<string, string>): { body: string; after: string } {
  if (status < 200 || status === 204 || status === 304) return { body: '', after: rest }
  if (headers.get('transfer-encoding') === 'chunked') {
    const end = rest.search(/(?:^|\n)0\r\n(?:[^\r\n]+\r\n)*\r\n/)
    if (end < 0) return { body: rest, after: '' }
    const last = rest.indexOf('\r\n\r\n', end) + 4
    return { body: rest.slice(0, last), after: rest.slice(last) }
  }
  const length = headers.get('content-length')
  if (length === undefined || rest.startsWith('HTTP/'))
    return { body: length === undefined ? rest : '', after: length === undefined ? '' : rest }
  return { body: rest.slice(0, Number(length)), after: rest.slice(Number(length)) }
}
