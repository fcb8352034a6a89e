// A body of JSON in the form that goes out: written once, sent as often as the same is to be said. Of one that differs from request to
// request in nothing but an id, length and checksum are known without its bytes, which most clients of a simulation never read.
import { type BodySum, checksumText } from '../contract/body-checksum.ts'
import { FramedCrc32 } from '../contract/framed-crc32.ts'
import type { Unmade } from '../contract/piece.ts'

export class WrittenJson implements Unmade, Required<BodySum> {
  readonly length: number
  readonly #form: JsonForm
  readonly #text: string
  #bytes: Buffer | undefined
  #checksum: string | undefined

  /** `text` stands in the blank of the form. */
  constructor(form: JsonForm, text: string) {
    this.length = form.length + text.length
    this.#form = form
    this.#text = text
  }

  get bytes(): Buffer {
    return (this.#bytes ??= Buffer.from(this.#form.before + this.#text + this.#form.after))
  }

  get checksum(): string {
    return (this.#checksum ??= checksumText(this.#form.sums.of(this.#text)))
  }
}

/** JSON with a blank, which a text of ASCII fills in that needs no escapes. */
class JsonForm {
  readonly before: string
  readonly after: string
  /** In bytes, without the text. */
  readonly length: number
  #sums: FramedCrc32 | undefined

  constructor(before: string, after: string) {
    this.before = before
    this.after = after
    this.length = Buffer.byteLength(before) + Buffer.byteLength(after)
  }

  // Who sends the bytes measures them.
  get sums(): FramedCrc32 {
    return (this.#sums ??= new FramedCrc32(this.before, this.after))
  }
}

/** @throws TypeError when the value is no JSON */
export function writtenJson(value: unknown): WrittenJson {
  return new WrittenJson(new JsonForm(JSON.stringify(value), ''), '')
}

/** What stands where a form is filled in. */
export const BLANK = '\u0000'

/**
 * A body that differs in one text from request to request, such as an id: `value` has `BLANK` there. The text must be ASCII that JSON
 * writes as it is.
 * @throws RangeError unless there is one blank
 */
export function jsonForm(value: unknown): (text: string) => WrittenJson {
  const parts = JSON.stringify(value).split(JSON.stringify(BLANK).slice(1, -1))
  const [before, after] = parts
  if (parts.length !== 2 || before === undefined || after === undefined)
    throw new RangeError(`a form has one blank, not ${parts.length - 1}`)
  const form = new JsonForm(before, after)
  return (text) => new WrittenJson(form, text)
}
