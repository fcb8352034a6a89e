// Elements as plain calls: the types are stripped at run time, and stripping knows no JSX.
// Children and attributes are escaped by the renderer; there is no way to write markup as text.
import { createElement, type ComponentChildren, type VNode } from 'preact'

/** Something on the page. */
export type Element = VNode
/** Elements, text, lists of them; null and false show nothing. */
export type Content = ComponentChildren

export function h(tag: string, attributes: Readonly<Record<string, string | number | undefined>> | null, ...children: Content[]): Element {
  // Preact's own types tell a node of one tag from a node of another, which no caller here wants to know.
  return createElement(tag, attributes ?? {}, ...children) as Element
}
