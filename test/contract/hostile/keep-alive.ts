// A client that keeps one connection and believes nothing but RFC 9112: it knows from the request where an answer ends. Bytes that are
// left over, or that are missing, show a connection that has lost its step.
import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  status: number
  /** By name in lower case; several lines are joined by commas. */
  headers: Record<string, string>
  /** The lines of Set-Cookie. */
  cookies: string[]
  body: string
}

export class KeepAlive implements AsyncDisposable {
  readonly #socket: Socket
  #unread = ''
  #closed = false
  #wake: () => void = () => {}

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1')
    this.#socket.on('data', (chunk) => {
      this.#unread += chunk.toString('latin1')
      this.#wake()
    })
    this.#socket.on('close', () => {
      this.#closed = true
      this.#wake()
    })
    this.#socket.on('error', () => {})
    this.#socket.setTimeout(5000, () => this.#socket.destroy())
  }

  /** Bytes that no answer is made of. */
  get leftOver(): string {
    return this.#unread
  }

  /** `head`: the request line and headers, without a host; `content-length` is added where there is a body. */
  async ask(head: string, body = ''): Promise<RawAnswer> {
    const length = body ? [`content-length: ${Buffer.byteLength(body)}`] : []
    this.#socket.write(
      `${[
        ...head
          .trim()
          .split('\n')
          .map((line) => line.trim()),
        'host: gateway',
        ...length,
      ].join('\r\n')}\r\n\r\n${body}`,
    )
    const lines = (await this.#take(() => this.#unread.indexOf('\r\n\r\n') + 4, 4)).trim().split('\r\n')
    const status = Number(lines[0]!.split(' ')[1])
    const headers: Record<string, string> = {}
    const cookies: string[] = []
    for (const line of lines.slice(1)) {
      const [name = '', value = ''] = line.split(/:\s*(.*)/s)
      const lower = name.toLowerCase()
      if (lower === 'set-cookie') cookies.push(value)
      headers[lower] = lower in headers ? `${headers[lower]}, ${value}` : value
    }
    const isBodiless = /^HEAD /i.test(head.trim()) || status === 204 || status === 304
    return { status, headers, cookies, body: isBodiless ? '' : await this.#body(headers) }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy()
    return Promise.resolve()
  }

  async #body(headers: Record<string, string>): Promise<string> {
    if (headers['transfer-encoding'] === undefined) return this.#take(() => Number(headers['content-length'] ?? 0), 0)
    let body = ''
    for (;;) {
      const size = Number.parseInt(await this.#take(() => this.#unread.indexOf('\r\n') + 2, 2), 16)
      const piece = await this.#take(() => size + 2, 0)
      if (size === 0) return body
      body += piece.slice(0, size)
    }
  }

  /** The first `length()` bytes, as soon as they are there; a length below `least` means that it is not known yet. */
  async #take(length: () => number, least: number): Promise<string> {
    while (length() < least || this.#unread.length < length()) {
      if (this.#closed) throw new Error(`the connection ended; unread: ${JSON.stringify(this.#unread.slice(0, 500))}`)
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    const end = length()
    const taken = this.#unread.slice(0, end)
    this.#unread = this.#unread.slice(end)
    return taken
  }
}
