// One file says how each kind of content is written from a sample: as JSON, a form, text, events or bytes. The first that is offered is taken.
import { requestBody } from '../../../plan/request-body.ts'

export interface MediaKind {
  is: (type: string) => boolean
  /** The body of a sample. A text goes out as it is, anything else as JSON. */
  body: (sample: unknown) => unknown
  /** Where the description names no exact type. */
  type: string
}

const FORM = 'application/x-www-form-urlencoded'
const PARTS = 'multipart/form-data; boundary=gatecrash-part'

/** Best first: what a gateway is most likely to be asked with. */
export const mediaKinds = {
  json: {
    // `*/*` is what generators write that know no better.
    is: (type) => /[/+](?:x-)?json$|^\*\/\*$|^application\/\*$/.test(type),
    // A text that goes out as it is would be no JSON.
    body: (sample) => (typeof sample === 'string' ? JSON.stringify(sample) : sample),
    type: 'application/json',
  },
  form: {
    is: (type) => type === 'application/x-www-form-urlencoded',
    body: (sample) => requestBody(FORM, asFields(sample)) ?? '',
    type: FORM,
  },
  multipart: {
    is: (type) => type.startsWith('multipart/'),
    body: (sample) => requestBody(PARTS, asFields(sample)) ?? '',
    type: PARTS,
  },
  events: {
    is: (type) => type === 'text/event-stream',
    body: (sample) => `data: ${asText(sample)}\n\n`,
    type: 'text/event-stream',
  },
  xml: {
    is: (type) => /[/+]xml$/.test(type),
    body: (sample) => (typeof sample === 'string' ? sample : element('root', sample)),
    type: 'application/xml',
  },
  text: { is: (type) => type.startsWith('text/'), body: asText, type: 'text/plain' },
  bytes: { is: () => true, body: () => 'bytes', type: 'application/octet-stream' },
} as const satisfies Record<string, MediaKind>

export type MediaName = keyof typeof mediaKinds

export interface Offered {
  kind: MediaName
  /** As the description has it. */
  written: string
  /** The header that goes with the body. */
  type: string
}

/** Of the content types of a body, the one to sample. */
export function bestMedia(types: readonly string[]): Offered | undefined {
  for (const [kind, { is, type }] of Object.entries(mediaKinds) as [MediaName, MediaKind][]) {
    const written = types.find((offered) => is(bare(offered)))
    if (written === undefined) continue
    const isExact = /^[\w.+-]+\/[\w.+-]+$/.test(bare(written)) && kind !== 'multipart'
    return { kind, written, type: isExact ? bare(written) : type }
  }
  return undefined
}

function bare(type: string): string {
  return (type.split(';')[0] ?? '').trim().toLowerCase()
}

function asFields(sample: unknown): object {
  return typeof sample === 'object' && sample !== null && !Array.isArray(sample) ? sample : {}
}

function element(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((member) => element(name, member)).join('')
  const isParent = typeof value === 'object' && value !== null
  const inner = isParent ? Object.entries(value).map(([key, member]) => element(key, member)) : [asText(value).replaceAll(/[<&]/g, ' ')]
  const tag = name.replaceAll(/[^\w.-]/g, '_').replace(/^(?![a-z_])/i, '_')
  return `<${tag}>${inner.join('')}</${tag}>`
}

function asText(sample: unknown): string {
  return typeof sample === 'string' ? sample : JSON.stringify(sample ?? '')
}
