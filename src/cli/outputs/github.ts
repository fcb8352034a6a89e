// On GitHub Actions: annotations in the log, a summary of the job, outputs of the step. What cannot be written is told, and changes no
// verdict.
import { appendFile } from 'node:fs/promises'
import { type Workspace, annotationCommands } from '../../report/github/annotations.ts'
import { annotationCommand } from '../../report/github/command.ts'
import { jobOutputs, outputLines } from '../../report/github/job-outputs.ts'
import { renderMarkdown } from '../../report/markdown/summary.ts'
import type { Series } from '../../run/series.ts'
import { say } from '../say.ts'
import type { OpenOutput } from './output.ts'

export const github: OpenOutput = () => {
  const { GITHUB_WORKSPACE, GITHUB_STEP_SUMMARY, GITHUB_OUTPUT } = process.env
  if (!isOnGithub()) return undefined
  const workingDirectory = process.cwd()
  const workspace: Workspace = { root: GITHUB_WORKSPACE || workingDirectory, workingDirectory }
  const all: Series[] = []
  return {
    add: (series) => void all.push(series),
    async end(code) {
      // Standard error, as all that is for people: the runner reads commands from both.
      for (const line of annotationCommands(all, workspace)) process.stderr.write(`${line}\n`)
      await added('summary', GITHUB_STEP_SUMMARY, () => renderMarkdown(all))
      await added('outputs', GITHUB_OUTPUT, () => outputLines(jobOutputs(all, code, workspace)))
    },
  }
}

/** Beside the code with which a step ends GitHub says nothing of why. To be called with what was said to people. */
export function annotateError(message: string): void {
  if (isOnGithub()) process.stderr.write(`${annotationCommand({ level: 'error', title: 'gatecrash', message })}\n`)
}

const isOnGithub = (): boolean => process.env['GITHUB_ACTIONS'] === 'true'

async function added(what: string, path: string | undefined, render: () => string): Promise<void> {
  if (!path) return
  await appendFile(path, render()).catch((cause: Error) => say(`the ${what} for GitHub could not be written: ${cause.message}`))
}
