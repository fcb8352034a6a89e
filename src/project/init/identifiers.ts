// Names of what a generated file declares.

/** `orders/get-by-id` → ordersGetById, `GETOrder` → getOrder. What is no letter or digit of ASCII parts words; empty where nothing else is left. */
export function camelCase(text: string): string {
  const words = text.split(/[^a-z0-9]+/i).filter((word) => word !== '')
  const [first = '', ...others] = words
  const head = first.replace(/^[A-Z]+(?![a-z])|^[A-Z]+(?=[A-Z])|^[A-Z]/, (letters) => letters.toLowerCase())
  return head + others.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
}

/** Whether a module may declare it. */
export function isDeclarable(name: string): boolean {
  return /^[a-z_$][\w$]*$/i.test(name) && !words.has(name)
}

// ECMAScript 2026, 12.7.2, with what strict mode and modules add.
const words = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for ' +
    'function if implements import in instanceof interface let new null package private protected public return static super switch this ' +
    'throw true try typeof undefined var void while with yield'
  ).split(' '),
)
