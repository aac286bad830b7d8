/** The given name as far as it is needed to keep two people on one mailbox apart. */

const honorific = new Set('m mr mme mlle mrs ms miss dr pr prof me maitre monsieur madame mademoiselle herr frau sir sr sra sig'.split(' '))

/**
 * First token of the given name, folded (NFKD, no accents, lower case); '' when unknown. `Jean-Marc` and `Jean Marc` give `jean`.
 * A one-letter initial is unknown: `J` may be Jean or Julie. With no first name, a "First LAST" last name is used only when the
 * family name is told apart by its capitals.
 */
export function givenNameKey(first: string | null, last: string | null): string {
  if (first !== null) {
    const plain = plainName(first)
    if (plain !== '') return plain
    const key = firstToken(first)
    if (key !== '') return key
  }
  return last === null ? '' : firstToken(capitalisedApart(last))
}

/** `Marie` and `MARIE` without the cost of Unicode; '' when the text needs more than that. */
function plainName(name: string): string {
  if (name.length < 3 || name.length > 30) return ''
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i) | 32
    if (c < 97 || c > 122) return ''
  }
  const lower = name.toLowerCase()
  return honorific.has(lower) ? '' : lower
}

function firstToken(name: string): string {
  if (name.includes('@')) return ''
  const folded = name
    .slice(0, 200)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
  for (const token of folded.split(/[^\p{L}\p{N}]+/u)) {
    if (token !== '' && !honorific.has(token)) return [...token].length > 1 && /^\p{L}/u.test(token) ? token : ''
  }
  return ''
}

/** `Jean DUPONT` or `DUPONT Jean` in the last-name field gives `Jean`; `Dupont`, `De La Tour` and `DUPONT` give ''. */
function capitalisedApart(last: string): string {
  const tokens = last.slice(0, 200).trim().split(/\s+/)
  const family = tokens.filter((token) => token.length > 1 && token === token.toUpperCase())
  const given = tokens.filter((token) => token !== token.toUpperCase())
  return family.length > 0 && given.length > 0 && !/^(de|du|des|d|la|le|les|von|van|di|da|el|al|ben)$/i.test(given[0] ?? '')
    ? (given[0] ?? '')
    : ''
}
