// Reads what the gateway lists, page by page. The list is not trusted: pages are checked, and bounded in number, size and time.
import { request } from 'undici'
import type * as z from 'zod'
import type { Ms } from '../../../kernel/clock.ts'

const PAGE_TIMEOUT: Ms = 5000
const MOST_PAGES = 10_000
const MOST_BYTES = 32 * 1024 * 1024

/** @throws Error when a page cannot be had, or read */
export async function pages<Page extends { next: string | null }>(
  url: string,
  schema: z.ZodType<Page>,
  signal: AbortSignal,
  take: (page: Page) => void,
): Promise<void> {
  let after: string | null = ''
  for (let page = 0; after !== null; page++) {
    if (page === MOST_PAGES) throw new Error(`${url} has more than ${MOST_PAGES} pages`)
    const read: Page = schema.parse(JSON.parse(await get(`${url}?after=${encodeURIComponent(after)}`, signal)))
    take(read)
    after = read.next
  }
}

async function get(url: string, signal: AbortSignal): Promise<string> {
  const { statusCode, body } = await request(url, { signal, headersTimeout: PAGE_TIMEOUT, bodyTimeout: PAGE_TIMEOUT })
  let text = ''
  for await (const piece of body.setEncoding('utf8')) {
    text += String(piece)
    if (text.length > MOST_BYTES) throw new Error(`${url} answered with more than ${MOST_BYTES} bytes`)
  }
  if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}`)
  return text
}
