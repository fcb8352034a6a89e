// A safe request that is slow to be answered is sent once more, and the first good answer wins. The rest is destroyed by the
// driver and is neutral. A hedge is paid for like a retry and needs the same admissions, but waits for none of them: what is
// refused is only that hedge. A call that was hedged is not retried (as in gRPC, proposal A6: one or the other).
import type { Attempt } from './attempt.ts'
import type { Answer, Effect } from './effects.ts'
import type { Run } from './call-state.ts'

/** From `pending` to the answer that decides the call; `run.attempt` is then the attempt that gave it. */
export function* hedge(run: Run): Generator<Effect, Answer, Answer> {
  const { after, extra } = run.layers.hedge!
  const running: Attempt[] = [run.attempt!]
  let answer: Answer = { is: 'pending' }
  for (;;) {
    let next: Effect | undefined
    if (answer.is === 'pending') {
      const another = run.beginHedge()
      if (another) running.push(another)
      next = another
    } else if (decides(run, running, answer)) return answer
    answer = yield next ?? { do: 'await', hedgeAfterMs: run.hedges < extra ? after : Number.POSITIVE_INFINITY }
  }
}

/** Takes the attempt that this is the outcome of out of those running. All that still run lose once the call is decided. */
function decides(run: Run, running: Attempt[], answer: Answer): boolean {
  run.tick()
  const at = 'attempt' in answer ? running.findIndex((attempt) => attempt.number === answer.attempt) : -1
  if (at >= 0 && 'attempt' in answer) {
    const [attempt] = running.splice(at, 1)
    const verdict = run.layers.classifier.judge(answer)
    if (verdict.failed && running.length > 0) {
      attempt!.settle(verdict.class, run.now)
      return false
    }
    run.attempt = attempt
  }
  for (const loser of running) loser.settle('neutral', run.now)
  return true
}
