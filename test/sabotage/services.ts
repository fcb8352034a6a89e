// For each story of the gateway's services the defect that it is about.
import { RETRY, repeatable } from './retries.ts'
import { type Sabotage, edited } from './sabotage.ts'

const CHAIN = 'src/gateway/services/chain/chain.ts'
const WAITED_FOR = "steps.filter(({ fails }) => fails !== 'best_effort')"
const AFTERWARDS = "reply.raw.once('close', () => void bestEffort())"
const ENDS_THE_CHAIN = "step.fails === 'closed'"

const inChain = (scenario: string, title: string, find: string, put: string, expect: Sabotage['expect']): Sabotage =>
  edited(scenario, title, CHAIN, find, put, { scenario, expect, visibleIn: 'traffic' })

export const services: readonly Sabotage[] = [
  inChain('chroma-down-chat-goes-on', 'a failed search ends the chat', ENDS_THE_CHAIN, 'true', ['too_many_errors']),
  inChain('billing-fail-closed', 'a chat goes on without having been charged', ENDS_THE_CHAIN, 'false', ['too_many_fallbacks']),
  edited('charged-twice', 'a cost is booked again', RETRY, repeatable, 'request.replayable && (true ||', {
    scenario: 'billing-fail-closed',
    expect: ['unsafe_retry', 'done_twice'],
    visibleIn: 'traffic',
  }),
  edited(
    'internal-token-stays-inside',
    'every upstream is sent the token',
    'src/gateway/create-gateway.ts',
    'secret !== undefined && internalUpstreams.includes(upstream.name)',
    'secret !== undefined',
    { scenario: 'internal-token-stays-inside', expect: ['not_carried'], visibleIn: 'traffic' },
  ),
  inChain('git-best-effort', 'a snapshot is a part of the chat', WAITED_FOR, "steps.filter(({ name }) => name !== 'save')", [
    'harmed',
    'too_many_fallbacks',
  ]),
  inChain('filesystem-best-effort', 'a chat waits for its text to be saved', AFTERWARDS, 'await bestEffort()', ['harmed', 'too_slow']),
  edited(
    'sync-survives',
    'a run that fails is the last',
    'src/gateway/services/sync/recurring-task.ts',
    'if (!this.#ending.signal.aborted) ended(outcome)',
    "if (outcome.is === 'failed') this.#cancel?.()\n    if (!this.#ending.signal.aborted) ended(outcome)",
    { scenario: 'sync-survives', expect: ['never_ended'], visibleIn: 'events' },
  ),
  edited(
    'database-disconnects',
    'what a disconnected database did not do is not tried again',
    'src/gateway/stores/retrying-store.ts',
    'attempt === ATTEMPTS) throw error',
    'attempt <= ATTEMPTS) throw error',
    { scenario: 'database-disconnects', expect: ['alerted_in_vain'], visibleIn: 'events' },
  ),
  edited(
    'stuck-episodes',
    'what is stuck is waited for',
    'src/gateway/services/operations/operation.ts',
    "return status === 'processing' && now - started_at > stuckAfter",
    "return status === 'processing' && now - started_at > 1000 * stuckAfter",
    { scenario: 'stuck-episodes', expect: ['left_waiting'], visibleIn: 'traffic' },
  ),
  edited(
    'quota',
    'all users have one quota together',
    'src/gateway/services/quotas/quotas.ts',
    'const wait = limit?.tryEnter(user, clock.now()) ?? 0',
    "const wait = limit?.tryEnter('', clock.now()) ?? 0",
    { scenario: 'quota', expect: ['not_carried'], visibleIn: 'traffic' },
  ),
]
