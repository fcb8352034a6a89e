// `gatecrash/vitest`: a gateway under test in an assertion. A failure tells every criterion, as the terminal does after a run.
//
//   await expect('node server.js').toSurvive('orders-outage')      in a test with a timeout of two minutes
import type { MatcherState } from 'vitest'
import type { JudgedRun } from '../run/judged-run.ts'
import { nearPath } from '../kernel/modules/near-path.ts'
import { optionalPackage } from '../kernel/modules/optional-package.ts'
import type { Finding } from '../judge/verdict.ts'
import { type GatewayUnderTest, type RunOptions, runScenario } from '../run/run-scenario.ts'
import { writeInBundle } from '../run/bundle/bundle.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { renderHtml } from '../report/html/page.ts'
import { oneLine } from '../report/plain-text.ts'
import { countsSentence, markOf, marks } from '../report/result-marks.ts'

export type { GatewayUnderTest, RunOptions } from '../run/run-scenario.ts'

const { expect } = await optionalPackage('vitest', 'gatecrash/vitest', () => import('vitest'))

/** How a scenario is played: see `runScenario`. The gateway is what is expected to survive. */
export type SurviveOptions = Omit<RunOptions, 'gateway'>

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /**
     * Plays a scenario, or one by its name, against the gateway: every criterion passes. A run takes as long as its phases, so the test needs
     * a `timeout`. Inconclusive is neither survival nor, with `.not`, the lack of it.
     */
    toSurvive(scenario: Scenario | string, options?: SurviveOptions): Promise<void>
  }
}

expect.extend({
  async toSurvive(this: MatcherState, gateway: GatewayUnderTest | undefined, scenario: Scenario | string, options: SurviveOptions = {}) {
    const source = this.testPath === undefined ? {} : { source: nearPath(this.testPath) }
    const run = await runScenario(scenario, { ...source, ...options, gateway })
    const report = await writeInBundle(run.folder, 'report.html', renderHtml(run))
    const { result } = run.verdict
    // No evidence is no pass of either assertion.
    return { pass: this.isNot ? result !== 'fail' : result === 'pass', message: () => failureMessage(run, report) }
  },
})

/** What did not pass comes first, with its reason: a verdict's findings are in that order. */
function failureMessage({ verdict }: JudgedRun, report: string): string {
  const { scenario, result, findings, validity } = verdict
  const unheld = validity.filter(({ ok }) => !ok).map(({ sentence }) => `${marks.inconclusive.glyph} ${oneLine(sentence, 1000)}`)
  return [
    `${marks[result].glyph} ${marks[result].word.toUpperCase()}  ${oneLine(scenario)}   ${countsSentence(verdict)}`,
    ...findings.flatMap(findingLines),
    ...unheld,
    `report  ${oneLine(report, 1000)}`,
  ].join('\n')
}

function findingLines(finding: Finding): string[] {
  const { id, sentence, result, why } = finding
  const line = `${marks[markOf(finding)].glyph} ${id.padEnd(4)} ${oneLine(sentence, 1000)}`
  return result === 'pass' ? [line] : [line, `       ${oneLine(why, 1000)}`]
}
