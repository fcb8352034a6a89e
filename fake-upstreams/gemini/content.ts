// What Gemini reads in a request's contents, and what it writes: texts at once or in a stream, and embeddings.
import type { Reply, UpstreamRequest } from '../../src/upstreams/define.ts'
import { idsOf } from '../../src/upstreams/made-ids.ts'
import { perBody } from '../../src/upstreams/per-body.ts'
import { BLANK, jsonForm, type WrittenJson } from '../../src/upstreams/written-json.ts'

interface Content {
  parts?: unknown
}

/** Clients send anything; what is no list has no members. */
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

export interface Prompt {
  isObject: boolean
  text: string
  tokens: number
}

/** Its text is all text of a request, whether it has `contents` (generate, count) or one `content` (embed). */
export const promptOf = perBody((body): Prompt => {
  const { contents, content } = (body ?? {}) as { contents?: unknown; content?: unknown }
  const all = content ? [content] : listOf(contents)
  const text = all
    .flatMap((one) => listOf((one as Content | null)?.parts))
    .map((part) => (part as { text?: unknown } | null)?.text)
    .filter((each) => typeof each === 'string')
    .join(' ')
  return { isObject: typeof body === 'object' && body !== null, text, tokens: tokens(text) }
})

// About four characters a token, as the API's documentation puts it.
function tokens(text: string): number {
  return Math.ceil(text.length / 4)
}

const sentences = [
  'It opens with the question that the rest of the hour comes back to.',
  'The guest tells how the first version failed, and what was kept of it.',
  'Two listeners disagree, and both turn out to be right.',
  'The numbers are given in full, with where they come from.',
  'The closing minutes are about what to try next.',
]

interface Answer {
  texts: readonly string[]
  /** Its body by model and by tokens of the prompt: nothing else differs but the id. */
  forms: Map<string, Map<number, (id: string) => WrittenJson>>
}

/** From two to four sentences, from each of them on. */
const answers = [2, 3, 4].map((count) =>
  sentences.map((_, start): Answer => {
    const texts = Array.from({ length: count }, (__, at) => sentences[(start + at) % sentences.length]!)
    return { texts, forms: new Map() }
  }),
)

function answerTo({ random: { integer } }: UpstreamRequest): Answer {
  const ofCount = answers[integer(answers.length)]!
  return ofCount[integer(sentences.length)]!
}

function told(modelVersion: string, prompt: number, text: string, responseId: string, isLast: boolean) {
  const answer = tokens(text)
  return {
    candidates: [{ content: { parts: [{ text }], role: 'model' }, ...(isLast && { finishReason: 'STOP' }), index: 0 }],
    usageMetadata: {
      promptTokenCount: prompt,
      candidatesTokenCount: answer,
      totalTokenCount: prompt + answer,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: prompt }],
    },
    modelVersion,
    responseId,
  }
}

export function generated(request: UpstreamRequest, { tokens: prompt }: Prompt): WrittenJson {
  const { texts, forms } = answerTo(request)
  const { model: asked = '' } = request.params
  // An unknown model is refused before.
  let ofModel = forms.get(asked)
  if (!ofModel) forms.set(asked, (ofModel = new Map()))
  let form = ofModel.get(prompt)
  if (!form) {
    if (ofModel.size >= MOST_FORMS) ofModel.clear()
    ofModel.set(prompt, (form = jsonForm(told(asked, prompt, texts.join(' '), BLANK, true))))
  }
  return form(responseId(request.random))
}

const MOST_FORMS = 1000

/** Server-sent events with `?alt=sse`; otherwise one JSON array, an element a piece. */
export function streamed(request: UpstreamRequest, { tokens: prompt }: Prompt): Reply {
  const { texts } = answerTo(request)
  const id = responseId(request.random)
  const { model: asked = '' } = request.params
  const chunks = texts.map((text, at) => JSON.stringify(told(asked, prompt, text, id, at === texts.length - 1)))
  const sse = request.query.get('alt') === 'sse'
  const pieces = sse
    ? chunks.map((chunk) => `data: ${chunk}\r\n\r\n`)
    : chunks.map((chunk, at) => `${at === 0 ? '[' : ',\r\n'}${chunk}${at === chunks.length - 1 ? ']' : ''}`)
  return { headers: { 'content-type': sse ? 'text/event-stream' : 'application/json; charset=UTF-8' }, stream: { pieces, intervalMs: 10 } }
}

const responseId = idsOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', 22)

/** A unit vector. It is shorter than the service's, so that load measures requests and not bytes. */
export function embedding({ random }: UpstreamRequest): { values: number[] } {
  const values = Array.from({ length: 16 }, () => random.normal())
  const norm = Math.hypot(...values)
  return { values: values.map((value) => value / norm) }
}
