// The trials of a search: each is played once, whoever asks for it, and counted against the budget. Rounds are played whole: what a search
// decides depends on no trial's being earlier than another, and so not on the number of workers.
import { type Settings, type Space, type Values, settingsOf } from '../space/space.ts'
import { type Trial, type TrialResult, keyOf } from '../trial/trial.ts'
import { type Candidate, type PlayedTrial, type Standing, standingOf } from './standing.ts'

/** Plays trials, and returns their results in the same order; undefined for those that were not played, as the search is to stop. */
export type PlayTrials = (trials: readonly Trial[]) => Promise<(TrialResult | undefined)[]>

export class Trials {
  readonly #scenarios: readonly string[]
  readonly #space: Space
  readonly #play: PlayTrials
  readonly #played = new Map<string, PlayedTrial>()
  readonly #candidates = new Map<string, { candidate: Candidate; trials: PlayedTrial[] }>()
  #left: number

  constructor({ scenarios, space, play, budget }: { scenarios: readonly string[]; space: Space; play: PlayTrials; budget: number }) {
    this.#scenarios = scenarios
    this.#space = space
    this.#play = play
    this.#left = budget
  }

  /** How many more trials the budget has. */
  get left(): number {
    return this.#left
  }

  get played(): number {
    return this.#played.size
  }

  candidate(values: Values): Candidate {
    return { values, settings: settingsOf(this.#space, values) }
  }

  /** How many trials these would be that were not played yet. */
  cost(candidates: readonly Candidate[], seeds: readonly number[]): number {
    return this.#missing(candidates, seeds).length
  }

  /**
   * Plays each with each seed in each scenario.
   * @throws Error where the search is to stop. What was played by then is kept, where it was played in all scenarios.
   */
  async play(candidates: readonly Candidate[], seeds: readonly number[]): Promise<void> {
    const missing = this.#missing(candidates, seeds)
    if (missing.length === 0) return
    const results = await this.#play(missing.map(({ trial }) => trial))
    this.#left -= missing.length
    const cut = new Set(missing.flatMap(({ trial }, at) => (results[at] === undefined ? [roundOf(trial)] : [])))
    for (const [at, { candidate, trial }] of missing.entries()) {
      const result = results[at]
      if (result === undefined || cut.has(roundOf(trial))) continue
      const played: PlayedTrial = { trial, result }
      this.#played.set(keyOf(trial), played)
      const key = nameOf(candidate.settings)
      const known = this.#candidates.get(key) ?? { candidate, trials: [] }
      known.trials.push(played)
      this.#candidates.set(key, known)
    }
    if (cut.size > 0) throw new Error('the search was stopped')
  }

  /** By all of its trials, or by those with these seeds. Undefined for one that was refused, or not tried. */
  standing({ settings }: Candidate, seeds?: readonly number[]): Standing | undefined {
    const known = this.#candidates.get(nameOf(settings))
    return known && standingOf(known.candidate, seeds ? known.trials.filter(({ trial }) => seeds.includes(trial.seed)) : known.trials)
  }

  /** Why a candidate was refused; undefined where it was not. */
  refusal({ settings }: Candidate): string | undefined {
    const results = this.#candidates.get(nameOf(settings))?.trials ?? []
    return results.flatMap(({ result }) => (result.is === 'refused' ? [result.why] : []))[0]
  }

  /** Of all candidates that hold together, in the order in which they were first tried. */
  all(): Standing[] {
    return [...this.#candidates.values()].flatMap(({ candidate }) => this.standing(candidate) ?? [])
  }

  #missing(candidates: readonly Candidate[], seeds: readonly number[]): { candidate: Candidate; trial: Trial }[] {
    const wanted = new Map<string, { candidate: Candidate; trial: Trial }>()
    for (const candidate of candidates)
      for (const seed of seeds)
        for (const scenario of this.#scenarios) {
          const trial: Trial = { scenario, settings: candidate.settings, seed }
          const key = keyOf(trial)
          if (!this.#played.has(key)) wanted.set(key, { candidate, trial })
        }
    return [...wanted.values()]
  }
}

const nameOf = (settings: Settings): string => JSON.stringify(settings)
/** What one candidate plays with one seed, in all scenarios. */
const roundOf = ({ settings, seed }: Trial): string => JSON.stringify([seed, settings])
