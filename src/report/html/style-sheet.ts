// The page's style sheet: the files of style/, in order. They are read once, from beside this file.
import { readFileSync } from 'node:fs'

// Media rules come last, to win.
const parts = ['palette', 'page', 'tables', 'strip', 'requests', 'media']

/** The page holds it through the same escaping as all other text: it must not hold ", < or &. */
export const styleSheet = parts.map((name) => readFileSync(new URL(`./style/${name}.css`, import.meta.url), 'utf8')).join('\n')
