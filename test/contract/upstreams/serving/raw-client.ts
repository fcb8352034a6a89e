// A client that sees what HTTP libraries hide: the bytes, and whether the connection ended by FIN or by RST.
import { connect, type Socket } from 'node:net'

export interface Seen {
  text: string
  end: 'fin' | 'reset'
}

/** Sends one request and reads until the server ends the connection. */
export function exchange(port: number, path: string, method = 'GET'): Promise<Seen> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(`${method} ${path} HTTP/1.1\r\nhost: test\r\n\r\n`))
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    socket.once('end', () => resolve({ text, end: 'fin' }))
    socket.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? resolve({ text, end: 'reset' }) : reject(error)))
  })
}

/** A connection on which `text` has been sent and nothing more will be. */
export function sendRaw(port: number, text: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, () => resolve(socket)))
    socket.once('error', reject)
  })
}

export function bodyOf({ text }: Seen): string {
  return text.slice(text.indexOf('\r\n\r\n') + 4)
}
