// Compiles what npm publishes into dist/: the sources, and the scenarios and fakes that the package brings, since Node strips no types
// below node_modules.
import { execFileSync } from 'node:child_process'
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import manifest from '../package.json' with { type: 'json' }

const TARGET = 'dist'

rmSync(TARGET, { recursive: true, force: true })
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' })
// Style sheets, and the entry that an older Node reads.
cpSync('src', `${TARGET}/src`, { recursive: true, filter: (path) => !path.endsWith('.ts') })
// The compiler copied all of package.json. Its entry points would count for dist/ a second time, and be wrong there.
const { name, version, description, type, engines } = manifest
writeFileSync(`${TARGET}/package.json`, `${JSON.stringify({ name, version, description, type, engines }, null, 2)}\n`)
