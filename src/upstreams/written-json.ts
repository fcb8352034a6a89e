// A body of JSON in the bytes that go out: written once, sent as often as the same is to be said.
import { bodyChecksum, type BodySum, checksumsAfter } from '../contract/body-checksum.ts'

export class WrittenJson {
  readonly bytes: Buffer
  readonly #checksumOf: () => string
  #sum: Required<BodySum> | undefined

  constructor(bytes: Buffer, checksumOf: () => string = () => bodyChecksum(bytes)) {
    this.bytes = bytes
    this.#checksumOf = checksumOf
  }

  /** Measured when it is first asked for. */
  get sum(): Required<BodySum> {
    return (this.#sum ??= { length: this.bytes.length, checksum: this.#checksumOf() })
  }
}

export function writtenJson(value: unknown): WrittenJson {
  return new WrittenJson(Buffer.from(JSON.stringify(value)))
}

/** What stands where a form is filled in. */
export const BLANK = '\u0000'

/**
 * A body that differs in one text from request to request, such as an id: `value` has `BLANK` there. The text must be one that JSON writes
 * as it is.
 * @throws RangeError unless there is one blank
 */
export function jsonForm(value: unknown): (text: string) => WrittenJson {
  const parts = JSON.stringify(value).split(JSON.stringify(BLANK).slice(1, -1))
  const [before, after] = parts
  if (parts.length !== 2 || before === undefined || after === undefined)
    throw new RangeError(`a form has one blank, not ${parts.length - 1}`)
  const checksumOf = checksumsAfter(before)
  return (text) => {
    const rest = text + after
    return new WrittenJson(Buffer.from(before + rest), () => checksumOf(rest))
  }
}
