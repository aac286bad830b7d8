/** A password or code that follows its label. A label alone ("forgot password") is no secret. */

export type SecretHit = { readonly start: number; readonly end: number }

/** Folded words that make it worth looking: the labels below, by their rarest word. */
export const secretTriggers: readonly string[] =
  'mdp passe password passwords pwd passwd passcode pin cvv cvc cvv2 cryptogramme secret passeport passport ssn digicode'.split(' ')

const blank = String.raw`[ \t\u00A0"'«]{0,3}`
const number = String.raw`(?:\s{0,2}(?:n\s?[°ºo]|no|num[eé]ro|number|nr|#)\.?)?`
/** Labels whose value has a shape of its own. */
const shaped: readonly (readonly [label: string, value: string])[] = [
  // `PIN2024` is a code of some other kind.
  [String.raw`(?:code pin|pin(?: code)?|code confidentiel)(?!\d)`, String.raw`\d{4,8}`],
  ['cvv2?|cvc2?|cryptogramme(?: visuel)?|csc', String.raw`\d{3,4}`],
  ['passeports?|passports?', String.raw`(?=[A-Z0-9]*\d{4})[A-Z0-9]{7,9}`],
  ['ssn|social security', String.raw`\d{3}-?\d{2}-?\d{4}`],
  ['digicode', '[0-9A-D]{4,8}'],
]
const shapes = shaped.map(
  ([label, value]) =>
    new RegExp(
      String.raw`(?<![\p{L}\p{N}])(?:${label})${number}${blank}(?:[\p{L} ]{0,24}?(?:[:=]|(?<=\s)(?:est|is)))?${blank}${value}(?![\p{L}\p{N}])`,
      'giu',
    ),
)
const password = /(?<![\p{L}\p{N}])(?:mdp|mots? de passe?|pass ?words?|pwd|passwd|pass ?codes?|code secret)(?![\p{L}\p{N}])/giu
/** After the label a few words may stand (`du site`, `espace client`), then `:` or `=`, then the value; or the value at once. */
const marked = /^[^:=\n.!?;]{0,40}[:=][ \t\u00A0"'«]{0,3}(?<value>[^\s,;"»<>]{4,64})/u
const adjacent = /^[ \t\u00A0"'«]{1,3}(?:(?:est|is)[ \t\u00A0"'«]{1,3})?(?<value>[^\s,;"»<>]{4,64})/u
const window = 110
/** What people write after a label instead of the secret; and masks. */
const noValue =
  /^(?:oubli|perdu|expir|chang|r[eé]init|reset|forgot|lost|envoy|sent|link|lien|temporaire|provisoire|inchang|unchanged|idem|voir|cf|n\/a|none|aucun|inconnu|unknown|ok|invalid|incorrect|wrong|faux|bloqu|locked|same|demand|re[cç]u|created|updated|modif|compte|espace|client|pour|avec|dans|manager|policy|protected|les|des|son|sur|trop|todo)|^[*x•·.\-_?]+$|^https?:/iu

/** Spans of label and value. */
export function findSecrets(text: string): readonly SecretHit[] {
  const hits: SecretHit[] = []
  for (const pattern of shapes) {
    for (const match of text.matchAll(pattern)) hits.push({ start: match.index, end: match.index + match[0].length })
  }
  for (const match of text.matchAll(password)) {
    const labelEnd = match.index + match[0].length
    const length = secretAfter(text.slice(labelEnd, labelEnd + window))
    if (length > 0) hits.push({ start: match.index, end: labelEnd + length })
  }
  return hits
}

/** Characters up to the end of the secret, 0 when there is none. */
function secretAfter(rest: string): number {
  const withMark = marked.exec(rest)
  if (withMark !== null) {
    const isLast = /^[ \t]*(?:[.,;\n]|$)/.test(rest.slice(withMark[0].length))
    if (isSecret(withMark.groups?.['value'] ?? '', isLast ? 'alone' : 'amongWords')) return withMark[0].length
  }
  const beside = adjacent.exec(rest)
  return beside !== null && isSecret(beside.groups?.['value'] ?? '', 'amongWords') ? beside[0].length : 0
}

/** Letters with digits or odd signs; a plain word only when it stands alone after the mark (`mdp : tournesol`), and opens no sentence. */
function isSecret(value: string, place: 'alone' | 'amongWords'): boolean {
  if (noValue.test(value) || /@[\w-]+\.\w/.test(value)) return false
  const trimmed = value.replace(/[.)!?]+$/, '')
  const mixed = /\d/.test(trimmed) && /\p{L}/u.test(trimmed)
  const odd = /[!#$%&*+@^~]/.test(trimmed) && /[\p{L}\d]/u.test(trimmed)
  return mixed || odd || (place === 'alone' && trimmed.length >= 4)
}
