/**
 * A strict reader of small XML documents, for what strangers may send: elements, attributes, text and the XML declaration. Document types, entities of
 * their own, comments, CDATA and processing instructions do not exist here, so there is nothing to expand and nothing to fetch.
 */
export type Element = {
  readonly space: string
  readonly name: string
  /** By `{namespace}name`; without the `{}` where there is none. */
  readonly attributes: ReadonlyMap<string, string>
  /** Prefix → namespace where this element stands. */
  readonly scope: ReadonlyMap<string, string>
  readonly children: readonly Element[]
  /** Its own text, references not yet resolved. */
  readonly text: string
}
type Open = Element & { readonly qualified: string; readonly children: Element[]; text: string }

const depthMost = 16
const elementsMost = 10_000
const attributesMost = 32
const referencesMost = 10_000
/** Each costs a copy of those around it. */
const namespacesMost = 500

const declaration = /^<\?xml\s+version="1\.[01]"(?:\s+encoding="(?:UTF-8|utf-8)")?(?:\s+standalone="(?:yes|no)")?\s*\?>/
const closeTag = /<\/([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)\s*>/y
const openTag = /<([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)/y
const attribute = /\s+([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y
const tagEnd = /\s*(\/?)>/y
const reference = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\dA-Fa-f]{1,6}));/y
/** What XML 1.0 does not allow. */
const illegal = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u

/** The root element, or in a few words why there is none. Time and memory grow with the length of the text alone. */
export function readXml(document: string): Element | string {
  const head = declaration.exec(document)?.[0] ?? ''
  const text = document.slice(head.length)
  if (text.includes('<!')) return 'a document type, a comment or a CDATA section'
  if (text.includes('<?')) return 'a processing instruction'
  if (illegal.test(text)) return 'a character that XML does not allow'
  return referenceProblem(text) ?? readElements(text)
}

function referenceProblem(text: string): string | null {
  let count = 0
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) {
    reference.lastIndex = at
    const found = reference.exec(text)
    if (found === null || !isLegal(codeOf(found))) return 'a reference to an entity or to a character that does not exist'
    if (++count > referencesMost) return `more than ${referencesMost} references`
  }
  return null
}

const codeOf = ([, , decimal, hex]: RegExpExecArray): number =>
  decimal ? Number.parseInt(decimal, 10) : hex ? Number.parseInt(hex, 16) : 0x20
const isLegal = (code: number): boolean =>
  code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) && !illegal.test(String.fromCodePoint(code))

function readElements(text: string): Element | string {
  const open: Open[] = []
  let root: Element | undefined
  let elements = 0
  let namespaces = 0
  for (let at = 0; at < text.length;) {
    const next = text.indexOf('<', at)
    const between = text.slice(at, next < 0 ? text.length : next)
    const parent = open.at(-1)
    if (parent) parent.text += between
    else if (between.trim() !== '') return 'text outside the root element'
    if (next < 0) break
    closeTag.lastIndex = next
    const closing = closeTag.exec(text)
    if (closing !== null) {
      if (open.pop()?.qualified !== closing[1]) return 'an end tag that fits no start tag'
      at = closeTag.lastIndex
      continue
    }
    if (root !== undefined && parent === undefined) return 'a second root element'
    if (++elements > elementsMost) return `more than ${elementsMost} elements`
    const started = startTag(text, next, parent)
    if (typeof started === 'string') return started
    if (started.element.scope !== (parent?.scope ?? noScope) && ++namespaces > namespacesMost) return 'too many namespaces'
    parent?.children.push(started.element)
    root ??= started.element
    if (!started.empty) open.push(started.element)
    if (open.length > depthMost) return `more than ${depthMost} elements inside each other`
    at = started.end
  }
  if (open.length > 0) return 'an element without its end'
  return root ?? 'no element'
}

function startTag(text: string, at: number, parent: Open | undefined): { element: Open; empty: boolean; end: number } | string {
  openTag.lastIndex = at
  const qualified = openTag.exec(text)?.[1]
  if (qualified === undefined) return 'a tag that is none'
  let end = openTag.lastIndex
  const written = new Map<string, string>()
  for (;;) {
    attribute.lastIndex = end
    const found = attribute.exec(text)
    if (found === null) break
    if (written.has(found[1]!)) return 'an attribute that is there twice'
    if (written.size >= attributesMost) return `more than ${attributesMost} attributes`
    written.set(found[1]!, found[2] ?? found[3] ?? '')
    end = attribute.lastIndex
  }
  tagEnd.lastIndex = end
  const closing = tagEnd.exec(text)
  if (closing === null) return 'a tag without its end'
  const named = inNamespaces(qualified, written, parent?.scope ?? noScope)
  if (named === null) return 'a prefix without a namespace, or one attribute under two'
  return { element: { ...named, qualified, children: [], text: '' }, empty: closing[1] === '/', end: tagEnd.lastIndex }
}

const noScope: ReadonlyMap<string, string> = new Map()
const noAttributes: ReadonlyMap<string, string> = new Map()

function inNamespaces(
  qualified: string,
  written: ReadonlyMap<string, string>,
  outer: ReadonlyMap<string, string>,
): Pick<Element, 'space' | 'name' | 'attributes' | 'scope'> | null {
  const scope = scopeOf(written, outer)
  const attributes = attributesOf(written, scope)
  const { prefix, local } = parts(qualified)
  const space = scope.get(prefix) ?? (prefix === '' ? '' : undefined)
  return space === undefined || attributes === null ? null : { space, name: local, attributes, scope }
}

/** Namespaces in XML 1.0: what `xmlns` declares holds for the element that says it, and below. */
function scopeOf(written: ReadonlyMap<string, string>, outer: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const declared = [...written]
    .filter(([name]) => isDeclaration(name))
    .map(([name, value]) => [name.slice('xmlns:'.length), value] as const)
  return declared.length === 0 ? outer : new Map([...outer, ...declared])
}

function attributesOf(written: ReadonlyMap<string, string>, scope: ReadonlyMap<string, string>): ReadonlyMap<string, string> | null {
  if (written.size === 0) return noAttributes
  const attributes = new Map<string, string>()
  for (const [name, value] of written) {
    if (isDeclaration(name)) continue
    const { prefix, local } = parts(name)
    const space = prefix === '' ? '' : scope.get(prefix)
    const full = space === '' ? local : `{${space}}${local}`
    if (space === undefined || attributes.has(full)) return null
    attributes.set(full, value)
  }
  return attributes
}

const isDeclaration = (name: string): boolean => name === 'xmlns' || name.startsWith('xmlns:')

/** `sf:Contact` → `sf`, `Contact`. */
export function parts(qualified: string): { prefix: string; local: string } {
  const colon = qualified.indexOf(':')
  return colon < 0 ? { prefix: '', local: qualified } : { prefix: qualified.slice(0, colon), local: qualified.slice(colon + 1) }
}
