// Markup as templates: html`<td class="number">${value}</td>`. The types are stripped at run time, and stripping knows no JSX.
// Every value is escaped by the renderer, as child and as attribute; there is no way to write markup as text.
import { html as template } from 'htm/preact'
import type { ComponentChildren, VNode } from 'preact'

/** Something on the page: an element, or several in a row. */
export type Element = VNode | VNode[]
/** Elements, text, lists of them; null, undefined and false show nothing. An object after `...` is a set of attributes. */
export type Content = ComponentChildren

/** A line break with the blanks around it is no text; a blank that counts stands within a line. */
export const html: (strings: TemplateStringsArray, ...values: readonly Content[]) => Element = template
