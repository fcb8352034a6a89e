// Writes .github/docs/reference.md from the tables. A test says when it is out of date.
import { writeFileSync } from 'node:fs'
import { renderReference } from '../src/report/reference/page.ts'
import { settingsSection } from './settings.ts'

export const referencePage = (): string => `${renderReference()}\n${settingsSection()}`

if (import.meta.main) writeFileSync('.github/docs/reference.md', referencePage())
