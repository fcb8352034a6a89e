// The three families of faults in one table: whatever depends on who makes a fault is looked up here. What the stage does for each
// family stands in stage/live/faults/injection.ts.
import * as z from 'zod'
import type { Ms } from '../kernel/clock.ts'
import type { Problem } from '../kernel/errors.ts'
import { nearPath } from '../kernel/modules/near-path.ts'
import { check, suggest } from '../kernel/validation.ts'
import { share } from '../kernel/wording.ts'
import type { NetworkFault } from './network/networks.ts'
import type { ToxicStream } from './network/toxic.ts'
import { requestFaultSchema } from './active-fault.ts'
import { type Fault, type FaultMade, isOnStore, type Made } from './fault.ts'
import type { FaultInput, NetworkFaultInput, ProcessFaultInput, RequestFaultInput } from './fault-input.ts'
import { hitsSchema, hitsWords } from './hits.ts'
import { instead, networkFault, networkFaults, networkTypeOf } from './network/networks.ts'
import { type ProcessRole, processRoles } from './process-fault.ts'
import { isProcessFault, processFaultOf, processFaults } from './processes.ts'
import { requestFaultOf } from './requests.ts'

interface Family<By extends Made> {
  /** From written to planned form: a fault for each direction that it acts on; none, with problems added, when it is not accepted. */
  plan(input: Extract<FaultInput, { made: By }>, path: string, problems: Problem[]): FaultMade<By>[]
  /** `status`, `latency`, `down`, `killed` */
  name(fault: FaultMade<By>): string
  /** "answers 503, 30 % of requests" */
  words(fault: FaultMade<By>): string
  /** How much later than without the fault a request can arrive at the upstream; Infinity without a bound. */
  delayBound(fault: FaultMade<By>, lastsMs: Ms): Ms
  /** Whether requests may fail to arrive at the upstream, just as with an open breaker. */
  keepsRequests(fault: FaultMade<By>): boolean
}

const families: { readonly [By in Made]: Family<By> } = {
  request: {
    plan: planRequestFault,
    name: ({ fault }) => fault.is,
    words: ({ fault, hits }) => [requestFaultOf(fault).words(fault), ...hitsWords(hits)].join(', '),
    // The fake has the request before it does anything.
    delayBound: () => 0,
    keepsRequests: () => false,
  },
  network: {
    plan: planNetworkFault,
    name: networkTypeOf,
    words: networkWords,
    delayBound: (fault) =>
      fault.is === 'toxic' && fault.stream === 'upstream' ? (definitionOf(fault)?.delayBound(fault.toxic.attributes) ?? 0) : 0,
    keepsRequests: (fault) => !isOnStore(fault) && (definitionOf(fault)?.keepsRequests(streamOf(fault)) ?? true),
  },
  process: {
    plan: planProcessFault,
    name: ({ fault }) => fault.is,
    words: ({ fault }) => processFaultOf(fault).words(fault),
    delayBound: ({ fault }, lastsMs) => processFaultOf(fault).delayBound(lastsMs),
    // A process that is gone, or stands still, sends nothing. A gateway without its store may go on asking.
    keepsRequests: (fault) => !isOnStore(fault),
  },
}

/** The family of a fault. It takes faults of its own `made` alone. */
export function familyOf(fault: Fault): Family<Made> {
  return families[fault.made] as Family<Made>
}

export function planFault(input: FaultInput, path: string, problems: Problem[]): Fault[] {
  return (families[input.made] as Family<Made>).plan(input, path, problems)
}

function planRequestFault(input: RequestFaultInput, path: string, problems: Problem[]): FaultMade<'request'>[] {
  const before = problems.length
  const hits = check(hitsSchema, input.hits, path, problems)
  const written = planCustomFault(input, path, problems)
  const fault = written === undefined ? undefined : check(requestFaultSchema, written, path, problems)
  return problems.length === before && fault && hits ? [{ made: 'request', fault, hits }] : []
}

/** A fault of the author's own says here, once and for all, what it does: a report need not load it. */
function planCustomFault({ fault, custom }: RequestFaultInput, path: string, problems: Problem[]): unknown {
  if (!custom) return fault
  const before = problems.length
  const params = check(custom.schema, fault['params'], `${path}.params`, problems)
  if (problems.length > before) return undefined
  return { is: 'custom', module: nearPath(custom.module), export: custom.export, params, words: custom.words(params) }
}

function planNetworkFault(input: NetworkFaultInput, path: string, problems: Problem[]): FaultMade<'network'>[] {
  if (input.is === 'down') return [{ made: 'network', is: 'down' }]
  const before = problems.length
  const { type, attributes } = input.toxic
  const definition = type in instead ? undefined : networkFault(type)
  if (!definition) problems.push({ path: `${path}.toxic`, message: unknownToxic(type) })
  const parsed = definition && check(definition.attributes, attributes, `${path}.${type}`, problems)
  const toxicity = check(z.number().min(0).max(1), input.toxicity, `${path}.toxicity`, problems)
  const stream = check(z.enum(['upstream', 'downstream', 'both']), input.stream, `${path}.stream`, problems)
  if (problems.length > before || !parsed || toxicity === undefined || !stream) return []
  const streams: ToxicStream[] = stream === 'both' ? ['upstream', 'downstream'] : [stream]
  // The attributes come from the schema that stands beside the type.
  const toxic = { type, attributes: parsed } as (NetworkFault & { is: 'toxic' })['toxic']
  return streams.map((each) => ({ made: 'network', is: 'toxic', toxic, stream: each, toxicity }))
}

function unknownToxic(type: string): string {
  if (Object.hasOwn(instead, type)) return `"${type}" is no toxic for scenarios; ${instead[type as keyof typeof instead]}`
  return `unknown toxic "${type}"${suggest(
    type,
    Object.keys(networkFaults).filter((known) => known !== 'down'),
  )}`
}

function planProcessFault(input: ProcessFaultInput, path: string, problems: Problem[]): FaultMade<'process'>[] {
  const { is } = input.fault
  const known = isProcessFault(is)
  if (!known) problems.push({ path: `${path}.fault`, message: `unknown fault "${is}"${suggest(is, Object.keys(processFaults))}` })
  // A name that is no role may be an upstream's, where the fault can be on one. Who plans knows the upstreams.
  const on: readonly ProcessRole[] = known ? processFaults[is].on : processRoles
  const own = on.filter((each) => each !== 'upstream')
  const role =
    known && on.includes('upstream') && !isOneOf(own, input.role) ? 'upstream' : check(z.enum(own), input.role, `${path}.role`, problems)
  const fault = known ? check(processFaults[is].schema, input.fault, path, problems) : undefined
  return role && fault ? [{ made: 'process', role, fault }] : []
}

const isOneOf = (names: readonly string[], name: string): boolean => names.includes(name)

const definitionOf = (fault: NetworkFault) => networkFault(networkTypeOf(fault))

/** A proxy that is switched off acts on both directions. */
const streamOf = (fault: NetworkFault): ToxicStream => (fault.is === 'toxic' ? fault.stream : 'upstream')

function networkWords(fault: NetworkFault): string {
  if (fault.is === 'down') return 'refuses connections'
  const attributes = Object.entries(fault.toxic.attributes).map(([name, value]) => `${name} ${value}`)
  const some = fault.toxicity < 1 ? [`${share(fault.toxicity)} of connections`] : []
  return [`${fault.toxic.type} toxic ${fault.stream}`, ...attributes, ...some].join(', ')
}
