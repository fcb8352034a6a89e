// A slow safe request is sent once more; the first good answer wins. The driver destroys the other attempts; they are neutral.
// A hedge is paid for like a retry. It needs the same admissions, but waits for none of them: a refusal ends only that hedge.
// A call that was hedged is not retried (as in gRPC, proposal A6: one or the other).
import type { Attempt } from '../attempt.ts'
import type { CallState } from '../call-state.ts'
import type { Answer, Effect } from '../effects.ts'

/** From `pending` to the answer that decides the call; `state.attempt` is then the attempt that gave it. */
export function* hedge(state: CallState): Generator<Effect, Answer, Answer> {
  const { after, extra } = state.policies.hedge!
  const running: Attempt[] = [state.attempt!]
  let answer: Answer = { is: 'pending' }
  try {
    for (;;) {
      let next: Effect | undefined
      if (answer.is === 'pending') {
        const another = state.beginHedge()
        if (another) running.push(another)
        next = another
      } else if (decides(state, running, answer)) return answer
      answer = yield next ?? { do: 'await', hedgeAfterMs: state.hedges < extra ? after : Number.POSITIVE_INFINITY }
    }
  } catch (error) {
    for (const attempt of running) attempt.settle('neutral', state.now)
    throw error
  }
}

/** Removes the attempt that answered from those running. Once the call is decided, those that still run are neutral. */
function decides(state: CallState, running: Attempt[], answer: Answer): boolean {
  state.tick()
  const at = 'attempt' in answer ? running.findIndex((attempt) => attempt.number === answer.attempt) : -1
  if (at >= 0 && 'attempt' in answer) {
    const [attempt] = running.splice(at, 1)
    const classification = state.policies.classifier.classify(answer)
    if (classification.failed && running.length > 0) {
      attempt!.settle(classification.class, state.now)
      return false
    }
    state.attempt = attempt
  }
  for (const loser of running) loser.settle('neutral', state.now)
  return true
}
