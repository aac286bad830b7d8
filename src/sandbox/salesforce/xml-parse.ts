/** A small strict XML 1.0 reader for SOAP, Bulk v1 and XML bodies. No DOCTYPE, no entities of one's own, bounded depth: nothing can be expanded. */

/** Names without their prefix: clients choose prefixes freely. `text` is the element's own text, untrimmed. */
export type Element = { name: string; attributes: ReadonlyMap<string, string>; children: readonly Element[]; text: string }
type Open = { qualified: string; name: string; attributes: Map<string, string>; children: Element[]; text: string }

/** The text is no well-formed XML, or holds what this reader refuses. */
export class XmlError extends Error {
  override name = 'XmlError'
}

const MOST_DEPTH = 64
const NAME = '[A-Za-z_][\\w.-]*(?::[A-Za-z_][\\w.-]*)?'
const START_TAG = new RegExp(`<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`, 'y')
const END_TAG = new RegExp(`</(${NAME})\\s*>`, 'y')
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'g')
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** The root element. Throws an XmlError. */
export function parseXml(source: string): Element {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source
  const open: Open[] = []
  let root: Element | undefined
  let at = 0
  while (at < text.length) {
    const top = open.at(-1)
    if (text[at] !== '<') {
      const end = nextTag(text, at)
      const words = text.slice(at, end)
      if (top !== undefined) top.text += decode(words)
      else if (words.trim() !== '') throw new XmlError('Content is not allowed outside the root element.')
      at = end
      continue
    }
    const skipped = skip(text, at, top)
    if (skipped !== undefined) {
      at = skipped
      continue
    }
    if (text[at + 1] === '/') {
      at = closeTag(text, at, top)
      const made = finished(open)
      if (open.length === 0) root = made
      continue
    }
    if (root !== undefined) throw new XmlError('Markup after the root element must be well-formed.')
    const tag = openTag(text, at)
    at = tag.end
    open.push(tag.element)
    if (open.length > MOST_DEPTH) throw new XmlError('Elements are nested too deeply.')
    if (!tag.empty) continue
    const made = finished(open)
    if (open.length === 0) root = made
  }
  if (root === undefined || open.length > 0) throw new XmlError('Premature end of file.')
  return root
}

function nextTag(text: string, at: number): number {
  const next = text.indexOf('<', at)
  return next === -1 ? text.length : next
}

/** Comments, processing instructions and CDATA; a DOCTYPE is refused. */
function skip(text: string, at: number, top: Open | undefined): number | undefined {
  if (text.startsWith('<!--', at)) return after(text, '-->', at + 4)
  if (text.startsWith('<?', at)) return after(text, '?>', at + 2)
  if (text.startsWith('<![CDATA[', at)) {
    const end = after(text, ']]>', at + 9)
    if (top === undefined) throw new XmlError('Content is not allowed outside the root element.')
    top.text += text.slice(at + 9, end - 3)
    return end
  }
  if (text.startsWith('<!', at)) throw new XmlError('DOCTYPE is not allowed.')
  return undefined
}

function after(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from)
  if (end === -1) throw new XmlError('Premature end of file.')
  return end + mark.length
}

function openTag(text: string, at: number): { element: Open; empty: boolean; end: number } {
  START_TAG.lastIndex = at
  const match = START_TAG.exec(text)
  if (match === null) throw new XmlError('Element type must be followed by either attribute specifications, ">" or "/>".')
  const [whole, qualified = '', list = '', slash] = match
  const attributes = new Map<string, string>()
  const seen = new Set<string>()
  for (const [, name = '', double, single] of list.matchAll(ATTRIBUTE)) {
    if (seen.has(name)) throw new XmlError(`Attribute "${name}" was already specified for element "${qualified}".`)
    seen.add(name)
    if (!name.startsWith('xmlns')) attributes.set(local(name), decode(double ?? single ?? ''))
  }
  return {
    element: { qualified, name: local(qualified), attributes, children: [], text: '' },
    empty: slash === '/',
    end: at + whole.length,
  }
}

function closeTag(text: string, at: number, top: Open | undefined): number {
  END_TAG.lastIndex = at
  const match = END_TAG.exec(text)
  if (match === null || top === undefined || match[1] !== top.qualified)
    throw new XmlError(`The element type "${top?.qualified ?? ''}" must be terminated by the matching end-tag.`)
  return at + match[0].length
}

function finished(open: Open[]): Element {
  const closed = open.pop()
  if (closed === undefined) throw new XmlError('Premature end of file.')
  const element: Element = { name: closed.name, attributes: closed.attributes, children: closed.children, text: closed.text }
  open.at(-1)?.children.push(element)
  return element
}

const local = (qualified: string): string => qualified.slice(qualified.indexOf(':') + 1)

function decode(text: string): string {
  if (!text.includes('&')) return text
  return text.replaceAll(/&([^;&]*);?/g, (whole, name: string) => {
    const known = Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined
    if (known !== undefined && whole.endsWith(';')) return known
    const [, hex, decimal] = /^#(?:x([\da-f]{1,6})|(\d{1,7}))$/i.exec(name) ?? []
    const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal ?? Number.NaN)
    if (whole.endsWith(';') && isCharacter(code)) return String.fromCodePoint(code)
    throw new XmlError('The entity is not declared.')
  })
}

/** XML 1.0, production Char. */
const isCharacter = (code: number): boolean =>
  code === 9 ||
  code === 10 ||
  code === 13 ||
  (code >= 32 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  (code >= 0x10000 && code <= 0x10ffff)

export const childOf = (element: Element | undefined, name: string): Element | undefined =>
  element?.children.find((child) => child.name === name)
export const childrenNamed = (element: Element | undefined, name: string): readonly Element[] =>
  element?.children.filter((child) => child.name === name) ?? []
/** The trimmed text of a child, or null where it is absent, empty or xsi:nil. */
export function textOf(element: Element | undefined, name: string): string | null {
  const child = childOf(element, name)
  return child === undefined || isNil(child) || child.text.trim() === '' ? null : child.text.trim()
}
export const isNil = (element: Element): boolean => element.attributes.get('nil') === 'true' || element.attributes.get('nil') === '1'
