/** XML out: text, elements, and the XML form of the JSON answers. */

export const XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'

/** Characters that XML 1.0 cannot hold at all are left out. */
export const escapeXml = (text: string): string =>
  text
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

/** One element with text; null is an empty one. */
export const leaf = (name: string, value: string | number | boolean | null): string =>
  value === null ? `<${name}/>` : `<${name}>${escapeXml(String(value))}</${name}>`

/** An element that SOAP calls nillable. */
export const nillable = (name: string, value: string | number | boolean | null): string =>
  value === null ? `<${name} xsi:nil="true"/>` : leaf(name, value)

/** A JSON answer as REST writes it in XML: arrays repeat their element, `attributes` become attributes. Salesforce docs: REST API, response formats. */
export function jsonToXml(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((each) => jsonToXml(name, each)).join('')
  if (value === null || value === undefined) return `<${name} xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>`
  if (typeof value !== 'object') return leaf(name, value as string | number | boolean)
  if ('rawJSON' in value) return leaf(name, String(value.rawJSON))
  const { attributes, ...members } = value as Record<string, unknown>
  const marks =
    typeof attributes === 'object' && attributes !== null
      ? Object.entries(attributes)
          .map(([key, text]) => ` ${key}="${escapeXml(String(text))}"`)
          .join('')
      : ''
  const inside = Object.entries(members).map(([key, member]) => jsonToXml(elementName(key), member))
  return `<${name}${marks}>${inside.join('')}</${name}>`
}

/** Keys such as ids and e-mail addresses are no element names. */
const elementName = (key: string): string => (/^[A-Za-z_][\w.-]*$/.test(key) ? key : `_${key.replaceAll(/[^\w.-]/g, '_')}`)
