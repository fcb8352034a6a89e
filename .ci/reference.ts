// Writes .github/docs/reference.md from the tables. A test says when it is out of date.
import { writeFileSync } from 'node:fs'
import { renderReference } from '../src/report/reference/page.ts'

writeFileSync('.github/docs/reference.md', renderReference())
