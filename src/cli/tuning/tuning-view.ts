// What a person sees while a tuning goes on: on a terminal a line that is redrawn, elsewhere a line every ten seconds.
import { createLogUpdate } from 'log-update'
import { type Ms, realClock } from '../../kernel/clock.ts'
import { count, fixed, span } from '../../kernel/wording.ts'
import type { TuningProgress } from '../../tuning/tune.ts'

export interface TuningView extends Disposable {
  show(progress: TuningProgress): void
  /** Clears the line: what follows is the summary. */
  end(): void
}

const LINE_EVERY: Ms = 10_000
const REDRAW_EVERY: Ms = 100
const BAR = 24

export function createTuningView(stream: NodeJS.WriteStream): TuningView {
  const isLive = stream.isTTY && process.env['TERM'] !== 'dumb'
  const draw = isLive ? createLogUpdate(stream) : undefined
  let shownAt = Number.NEGATIVE_INFINITY
  let stage = ''
  const end = (): void => {
    draw?.clear()
    draw?.done()
  }
  return {
    show(progress) {
      const now = realClock.now()
      if (now - shownAt < (draw ? REDRAW_EVERY : LINE_EVERY) && progress.stage === stage) return
      shownAt = now
      stage = progress.stage
      if (draw) draw(`${bar(progress)}  ${progressText(progress)}`)
      else stream.write(`${progressText(progress)}\n`)
    },
    end,
    [Symbol.dispose]: end,
  }
}

function bar({ played, budget }: TuningProgress): string {
  const done = budget === undefined ? 0 : Math.min(1, played / budget)
  return '█'.repeat(Math.round(done * BAR)).padEnd(BAR, '·')
}

function progressText({ stage, played, budget, ratePerSecond, leftMs }: TuningProgress): string {
  const trials = budget === undefined ? `${count(played)} trials` : `${count(played)} of ${count(budget)} trials`
  const rate = ratePerSecond > 0 ? [`${fixed(ratePerSecond, 1)} trials/s`] : []
  const left = leftMs === undefined ? [] : [`at most ${span(Math.ceil(leftMs / 1000) * 1000)} left`]
  return [stage, trials, ...rate, ...left].join('   ')
}
