// An answer with the bytes that it sends in full, so that two can be compared.
import { bytesIn } from '../../../src/contract/piece.ts'
import type { Answer } from '../../../src/upstreams/answering/answer.ts'

export function asSent(answer: Answer) {
  if (answer.is !== 'sent') return answer
  const { pieces, json, ...head } = answer
  return { ...head, pieces: pieces.map(bytesIn), json: json && { length: json.length, checksum: json.checksum } }
}
