/** A password or code that follows its label. A label alone ("forgot password") is no secret. */

export type SecretHit = { readonly start: number; readonly end: number }

const blank = String.raw`[ \t\u00A0"'«]{0,3}`
const number = String.raw`(?:\s{0,2}(?:n\s?[°ºo]|no|num[eé]ro|number|nr|#)\.?)?`
/** Labels, folded, whose value has a shape of its own. */
const shaped: readonly (readonly [labels: readonly string[], value: string])[] = [
  [['code pin', 'pin', 'pin code', 'code confidentiel', 'code secret'], String.raw`\d{4,8}`],
  [['cvv', 'cvv2', 'cvc', 'cvc2', 'cryptogramme', 'cryptogramme visuel', 'csc'], String.raw`\d{3,4}`],
  // Neither money nor a share: `crypto : 200 €`.
  [['crypto'], String.raw`\d{3}(?![ \u00A0]?(?:[€$%]|k|eur|usd|btc))`],
  [['code carte bleue', 'code cb', 'code carte bancaire', 'code coffre', 'code du coffre'], String.raw`\d{4,6}`],
  [['code alarme', 'code d alarme', 'alarm code'], String.raw`[0-9A-D]{4,8}`],
  [['passeport', 'passeports', 'passport', 'passports'], String.raw`(?:\d{2} ?[A-Z]{2} ?\d{5}|(?=[A-Z0-9]*\d{4})[A-Z0-9]{7,9})`],
  [['ssn', 'social security'], String.raw`\d{3}[- ]?\d{2}[- ]?\d{4}`],
  [['digicode'], '[0-9A-D]{4,8}'],
  [['cni', 'carte d identite', 'carte nationale d identite'], String.raw`(?:\d{12}|(?=[A-Z0-9]*\d{3})[A-Z0-9]{9})`],
  [['permis de conduire'], String.raw`\d{12}`],
  [['titre de sejour', 'carte de sejour'], String.raw`(?=[A-Z0-9]*\d{4})[A-Z0-9]{9,10}`],
]
const shapes = shaped.map(
  ([labels, value]) =>
    new RegExp(
      // `PIN2024` and `PIN 4471-B` are codes of some other kind.
      String.raw`(?<![\p{L}\p{N}])(?:${labels.map(spelled).join('|')})(?![\p{L}\d])${number}${blank}(?:[\p{L} ]{0,24}?(?:[:=]|(?<=\s)(?:est|is)))?${blank}${value}(?!-?[\p{L}\p{N}])`,
      'giu',
    ),
)
const passwords =
  'mdp|mot de passe|mots de passe|mot de pass|password|passwords|pass word|pass words|pwd|passwd|passcode|passcodes|pass code|pass codes|code secret|code wifi|cle wifi|wifi key|wifi code'.split(
    '|',
  )
/** `login jdurand / pass Soleil99`: alone `pass` is a ticket. */
const credentials =
  /(?<![\p{L}\p{N}])(?:login|identifiants?|user(?:name)?|utilisateur)(?![\p{L}\p{N}])[^\n]{2,40}?(?<![\p{L}\p{N}])pass(?![\p{L}\p{N}])/giu
const password = new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${passwords.map(spelled).join('|')})(?![\p{L}\p{N}])`, 'giu')

/** Every label, for whoever wants to know that each is found. */
export const secretLabels: readonly string[] = [...shaped.flatMap(([labels]) => labels), ...passwords]
/** Folded words that make it worth looking: of each label the longest, so that `code` and `carte` alone wake nobody. */
export const secretTriggers: readonly string[] = [
  ...new Set([...secretLabels.map((label) => label.replaceAll(/\d/g, '')).map(longestOf), 'pass']),
]

function longestOf(label: string): string {
  return label.split(' ').reduce((long, word) => (word.length >= long.length ? word : long), '')
}

/** `carte d identite` as it is written: with accents, apostrophes and more than one space. */
function spelled(label: string): string {
  const space = String.raw`[ \u00A0]{1,2}`
  const words = label.replaceAll('e', '[eé]').split(' ')
  return words.join(space).replaceAll(`${space}d${space}`, `${space}d['’ ]`)
}

/** After the label a few words may stand (`du site`, `espace client`), then `:` or `=`, then the value; or the value at once, or alone on the next line. */
const marked = /^[^:=\n.!?;]{0,40}[:=][ \t\u00A0"'«]{0,3}(?<value>[^\s,;"»<>]{4,64})/u
const adjacent =
  /^[ \t\u00A0"'«]{1,3}(?:(?:est|is)(?: (?:toujours|encore|bien|still|now))?[ \t\u00A0"'«]{1,3})?(?<value>[^\s,;"»<>]{4,64})/u
const below = /^[ \t\u00A0]{0,3}[:=]?[ \t\u00A0]{0,3}\r?\n[ \t\u00A0]{0,3}(?<value>[^\s,;"»<>]{4,64})(?=[ \t\u00A0]*(?:[\r\n]|$))/u
const window = 110
/** What people write after a label instead of the secret; and masks. */
const noValue =
  /^(?:(?:oubli|perdu|expir|chang|r[eé]init|reset|forgot|lost|envoy|sent|temporaire|provisoire|inchang|unchanged|aucun|inconnu|unknown|invalid|incorrect|wrong|faux|bloqu|locked|demand|re[cç]u|created|updated|modif|manager|policy|protected)\p{L}*|links?|liens?|idem|voir|cf|n\/a|none|ok|same|comptes?|espaces?|clients?|pour|avec|dans|les|des|son|sur|trop|todo|[*x•·.\-_?]+|https?:.*)$/iu

/** Spans of label and value. */
export function findSecrets(text: string): readonly SecretHit[] {
  const hits: SecretHit[] = []
  for (const pattern of shapes) {
    for (const match of text.matchAll(pattern)) hits.push({ start: match.index, end: match.index + match[0].length })
  }
  for (const label of [password, credentials]) {
    for (const match of text.matchAll(label)) {
      const labelEnd = match.index + match[0].length
      const length = secretAfter(text.slice(labelEnd, labelEnd + window))
      if (length > 0) hits.push({ start: match.index, end: labelEnd + length })
    }
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
  for (const pattern of [adjacent, below]) {
    const beside = pattern.exec(rest)
    if (beside !== null && isSecret(beside.groups?.['value'] ?? '', 'amongWords')) return beside[0].length
  }
  return 0
}

/** Letters with digits or odd signs; a plain word only when it stands alone after the mark (`mdp : tournesol`), and opens no sentence. */
function isSecret(value: string, place: 'alone' | 'amongWords'): boolean {
  const trimmed = value.replace(/[.)!?]+$/, '')
  if (noValue.test(value) || noValue.test(trimmed) || /@[\w-]+\.\w/.test(value)) return false
  const mixed = /\d/.test(trimmed) && /\p{L}/u.test(trimmed)
  const odd = /[!#$%&*+@^~]/.test(trimmed) && /[\p{L}\d]/u.test(trimmed)
  return mixed || odd || (place === 'alone' && trimmed.length >= 4)
}
