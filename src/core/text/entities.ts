/** Character references of HTML (HTML Living Standard, 13.5), as mails and rich-text fields hold them: the one place where they are read. */

/** The 96 of Latin-1, in their order from U+00A0. They are also read without their semicolon, where no letter, digit or `=` follows (as in a URL). */
const latin1 = `nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1
  ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde
  Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute
  ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml`
const bare = 'amp & lt < gt > quot "'
/** Letters of other European languages, and signs of ASCII that have a name: an address can be written with them. */
const others = `apos ' excl ! num # dollar $ percnt % lpar ( rpar ) ast * plus + comma , period . sol / colon : semi ; equals = quest ? commat @
  lsqb [ lbrack [ bsol \\ rsqb ] rbrack ] Hat ^ lowbar _ UnderBar _ grave \` lcub { lbrace { verbar | vert | rcub } rbrace } hyphen ‐ dash ‐ ndash – mdash — horbar ―
  lsquo ‘ rsquo ’ rsquor ’ sbquo ‚ lsquor ‚ ldquo “ rdquo ” rdquor ” bdquo „ ldquor „ lsaquo ‹ rsaquo › hellip … mldr … nldr ‥ bull • bullet • dagger † Dagger ‡ permil ‰ euro € trade ™
  prime ′ Prime ″ oline ‾ minus − tilde ˜ circ ˆ fnof ƒ larr ← uarr ↑ rarr → darr ↓ harr ↔ check ✓ checkmark ✓ cross ✗ star ☆ starf ★ phone ☎ numero № hearts ♥ infin ∞ ne ≠ le ≤ ge ≥ asymp ≈ radic √ sum ∑
  ensp \u2002 emsp \u2003 emsp13 \u2004 emsp14 \u2005 numsp \u2007 puncsp \u2008 thinsp \u2009 hairsp \u200A NonBreakingSpace \u00A0 NoBreak \u2060 ZeroWidthSpace \u200B zwnj \u200C zwj \u200D lrm \u200E rlm \u200F
  Amacr Ā amacr ā Abreve Ă abreve ă Aogon Ą aogon ą Cacute Ć cacute ć Ccirc Ĉ ccirc ĉ Cdot Ċ cdot ċ Ccaron Č ccaron č Dcaron Ď dcaron ď Dstrok Đ dstrok đ Emacr Ē emacr ē Edot Ė edot ė Eogon Ę eogon ę
  Ecaron Ě ecaron ě Gcirc Ĝ gcirc ĝ Gbreve Ğ gbreve ğ Gdot Ġ gdot ġ Gcedil Ģ Hcirc Ĥ hcirc ĥ Hstrok Ħ hstrok ħ Itilde Ĩ itilde ĩ Imacr Ī imacr ī Iogon Į iogon į Idot İ imath ı inodot ı IJlig Ĳ ijlig ĳ
  Jcirc Ĵ jcirc ĵ Kcedil Ķ kcedil ķ Lacute Ĺ lacute ĺ Lcedil Ļ lcedil ļ Lcaron Ľ lcaron ľ Lstrok Ł lstrok ł Nacute Ń nacute ń Ncedil Ņ ncedil ņ Ncaron Ň ncaron ň ENG Ŋ eng ŋ Omacr Ō omacr ō Odblac Ő odblac ő
  OElig Œ oelig œ Racute Ŕ racute ŕ Rcedil Ŗ rcedil ŗ Rcaron Ř rcaron ř Sacute Ś sacute ś Scirc Ŝ scirc ŝ Scedil Ş scedil ş Scaron Š scaron š Tcedil Ţ tcedil ţ Tcaron Ť tcaron ť Tstrok Ŧ tstrok ŧ
  Utilde Ũ utilde ũ Umacr Ū umacr ū Ubreve Ŭ ubreve ŭ Uring Ů uring ů Udblac Ű udblac ű Uogon Ų uogon ų Wcirc Ŵ wcirc ŵ Ycirc Ŷ ycirc ŷ Yuml Ÿ Zacute Ź zacute ź Zdot Ż zdot ż Zcaron Ž zcaron ž`
const greek =
  'Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho - Sigma Tau Upsilon Phi Chi Psi Omega'.split(' ')

const known = new Map<string, string>()
const unended = new Set([...words(latin1), 'amp', 'lt', 'gt', 'quot', 'AMP', 'LT', 'GT', 'QUOT', 'COPY', 'REG'])
for (const [i, name] of words(latin1).entries()) known.set(name, String.fromCharCode(0xa0 + i))
for (const list of [bare, others]) {
  // By spaces and line ends alone: some of the signs are white space themselves.
  const parts = list.split(/[ \n]+/)
  for (let i = 0; i + 1 < parts.length; i += 2) known.set(parts[i] ?? '', parts[i + 1] ?? '')
}
for (const [i, name] of greek.entries()) {
  if (name === '-') continue
  known.set(name, String.fromCharCode(0x391 + i))
  known.set(name.toLowerCase(), String.fromCharCode(0x3b1 + i))
}
known.set('sigmaf', 'ς')
known.set('Tab', '\t')
known.set('NewLine', '\n')
for (const name of ['amp', 'lt', 'gt', 'quot', 'copy', 'reg']) known.set(name.toUpperCase(), known.get(name) ?? '')

/** 128 to 159 are what Windows has there (HTML Living Standard, 13.2.5.80). */
const windows = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ'
const reference = /&(?:#(?:[xX]([0-9a-fA-F]{1,8})|(\d{1,10}));?|([A-Za-z][A-Za-z0-9]{1,24})(;|(?![A-Za-z0-9=])))/g

/** The text with every reference read; one that names no character stays as it is. */
export function decodeEntities(text: string): string {
  return text.includes('&') ? text.replace(reference, read) : text
}

/** Where references stand in a text, and what each is read as, in order. */
export function referencesIn(text: string): readonly { readonly start: number; readonly end: number; readonly sign: string }[] {
  return Array.from(text.matchAll(reference), (match) => {
    const [whole, hex, digits, name, end] = match
    return { start: match.index, end: match.index + whole.length, sign: read(whole, hex, digits, name, end) }
  })
}

function read(whole: string, hex?: string, digits?: string, name?: string, end?: string): string {
  if (name !== undefined) return end === ';' || unended.has(name) ? (known.get(name) ?? whole) : whole
  return characterOf(hex === undefined ? Number(digits) : Number.parseInt(hex, 16)) ?? whole
}

function characterOf(code: number): string | null {
  if (code >= 0x80 && code <= 0x9f) return windows[code - 0x80] ?? null
  if (code < 32) return code === 9 || code === 10 || code === 13 ? String.fromCharCode(code) : null
  return code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : null
}

function words(list: string): readonly string[] {
  return list.trim().split(/\s+/)
}
