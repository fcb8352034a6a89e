import { expect, it } from 'vitest'
import { jobOutputs, outputLines } from '../../../src/report/github/job-outputs.ts'
import { judged, series, unbegun, unplayed } from '../series.ts'
import { failing, passed, passing, undecided, verdict, warned } from '../verdicts.ts'

const workspace = { root: '/repo', workingDirectory: '/repo' }

it('tells verdict, exit code, failures, report and worst margin', () => {
  expect(outputLines(jobOutputs([series('gemini-outage', judged(failing))], 1, workspace)).split('\n')).toEqual([
    'verdict=fail',
    'exit-code=1',
    'failed=1',
    'report-path=reports/gemini-outage/1/report.html',
    'worst-margin=-0.336',
    '',
  ])
})

it('speaks of the worst of several scenarios, and of the report of the first that did not pass', () => {
  const good = series('steady', judged(passing, { reportPath: 'reports/steady/1/report.html' }))
  const bad = series('gemini-outage', judged(undecided), unbegun)
  expect(jobOutputs([good, bad], 2, workspace)).toMatchObject({
    verdict: 'inconclusive',
    failed: '0',
    'report-path': 'reports/gemini-outage/1/report.html',
    'worst-margin': '0.063',
  })
  expect(jobOutputs([good, bad, series('x', unplayed())], 69, workspace)).toMatchObject({ verdict: 'not_played', 'exit-code': '69' })
})

it('counts nothing that only warns', () => {
  expect(jobOutputs([series('gemini-outage', judged(warned))], 0, workspace)).toMatchObject({
    verdict: 'pass',
    failed: '0',
    'worst-margin': '0.086',
  })
})

it('leaves empty what there is not', () => {
  expect(jobOutputs([series('steady', unplayed())], 69, workspace)).toMatchObject({ 'report-path': '', 'worst-margin': '' })
  expect(jobOutputs([series('steady', judged(verdict([{ ...passed[1]!, margin: null }])))], 0, workspace)).toMatchObject({
    'worst-margin': '',
  })
})

it('names the report from the root of the repository, and wholly where it lies elsewhere', () => {
  const path = (reportPath: string, workingDirectory: string): string =>
    jobOutputs([series('x', judged(passing, { reportPath }))], 0, { root: '/repo', workingDirectory })['report-path']
  expect(path('reports/x/report.html', '/repo/packages/edge')).toBe('packages/edge/reports/x/report.html')
  expect(path('/tmp/out/report.html', '/repo')).toBe('/tmp/out/report.html')
})

it('lets no path begin an output of another name', () => {
  const lines = outputLines(jobOutputs([series('x', judged(failing, { reportPath: 'a\nverdict=pass' }))], 1, workspace))
  expect(lines.match(/^verdict=.*$/gm)).toEqual(['verdict=fail'])
})
