/** From what a country field holds to an ISO 3166-1 alpha-2 region. */
import { getCountries, isSupportedCountry, type CountryCode } from 'libphonenumber-js/max'

/** Names that no list of names has; folded. French departments and territories by number too, as address forms hold them. */
const aliases: Readonly<Record<string, CountryCode>> = {
  usa: 'US',
  'etats unis d amerique': 'US',
  america: 'US',
  uk: 'GB',
  'great britain': 'GB',
  'grande bretagne': 'GB',
  angleterre: 'GB',
  england: 'GB',
  ecosse: 'GB',
  scotland: 'GB',
  'pays de galles': 'GB',
  wales: 'GB',
  'irlande du nord': 'GB',
  'northern ireland': 'GB',
  hollande: 'NL',
  holland: 'NL',
  'the netherlands': 'NL',
  'republique tcheque': 'CZ',
  'czech republic': 'CZ',
  'france metropolitaine': 'FR',
  'republique francaise': 'FR',
  fra: 'FR',
  'ile de la reunion': 'RE',
  reu: 'RE',
  mtq: 'MQ',
  glp: 'GP',
  guf: 'GF',
  myt: 'YT',
  bel: 'BE',
  che: 'CH',
  deu: 'DE',
  esp: 'ES',
  ita: 'IT',
  gbr: 'GB',
  lux: 'LU',
  nld: 'NL',
  prt: 'PT',
  irl: 'IE',
  aut: 'AT',
  can: 'CA',
  mco: 'MC',
  pol: 'PL',
  dnk: 'DK',
  swe: 'SE',
  nor: 'NO',
  fin: 'FI',
  cze: 'CZ',
  rou: 'RO',
  grc: 'GR',
  hun: 'HU',
  mar: 'MA',
  dza: 'DZ',
  tun: 'TN',
  'cote d ivoire': 'CI',
  'ivory coast': 'CI',
  'coree du sud': 'KR',
  'south korea': 'KR',
  russia: 'RU',
  turquie: 'TR',
  turkey: 'TR',
  971: 'GP',
  972: 'MQ',
  973: 'GF',
  974: 'RE',
  975: 'PM',
  976: 'YT',
  977: 'BL',
  978: 'MF',
  986: 'WF',
  987: 'PF',
  988: 'NC',
}

let names: ReadonlyMap<string, CountryCode> | undefined

/**
 * Knows ISO codes, names in French, English, German, Spanish, Italian, Dutch, Portuguese and Polish, common variants and a part of a country
 * (`FR-75`, ISO 3166-2); else `null`. A locale (`fr_FR`) is none: it says how a machine is set, not where somebody lives.
 */
export function regionOf(country: string | null): CountryCode | null {
  if (country === null || country === '' || country.length > 80) return null
  if (country === 'France' || country === 'FR') return 'FR'
  if (country.length === 2) {
    const code = country.toUpperCase()
    if (isSupportedCountry(code)) return code
  }
  const named = regionNamed(country)
  if (named !== null) return named
  const [, code = null, part = ''] = /^([A-Z]{2})-([A-Z0-9]{1,3})$/.exec(country) ?? []
  if (code !== null) return isSupportedCountry(code) ? regionOfPart(code, part) : null
  const [, name = null, aside = ''] = /^([^()]+)\(([^()]+)\) *$/.exec(country) ?? []
  return name === null ? null : regionBeside(name, aside)
}

/** `FR-RE` is a part of France and a country of its own, by which it is known; `FR-BE` may be how a Belgian writes French, and is left open. */
function regionOfPart(code: CountryCode, part: string): CountryCode | null {
  if (code !== 'FR' || !isSupportedCountry(part)) return code
  return frenchParts.has(part) ? part : null
}

const frenchParts: ReadonlySet<string> = new Set('FR GP MQ GF RE YT BL MF PM NC PF WF'.split(' '))

/** `Martinique (972)`, `France (FR)`, `France (75)`; not `Saint-Martin (NL)`, where what stands in brackets says otherwise, or what nobody here knows. */
function regionBeside(name: string, aside: string): CountryCode | null {
  const region = regionNamed(name)
  const isPart = region === 'FR' && /^(?:0?[1-9]|[1-8]\d|9[0-5]|2[ab]|metropol[a-z]*)$/.test(fold(aside))
  return isPart || regionNamed(aside) === region ? region : null
}

function regionNamed(country: string): CountryCode | null {
  names ??= regionNames()
  const folded = fold(country)
  return names.get(folded) ?? names.get(folded.replace(/^(?:la|le|les|l|the|ile de la) /, '')) ?? null
}

function regionNames(): ReadonlyMap<string, CountryCode> {
  const found = new Map<string, CountryCode>()
  for (const language of ['pl', 'pt', 'nl', 'it', 'es', 'de', 'en', 'fr']) {
    const display = new Intl.DisplayNames([language], { type: 'region' })
    for (const code of getCountries()) found.set(fold(display.of(code) ?? code), code)
  }
  for (const code of getCountries()) found.set(code.toLowerCase(), code)
  for (const [name, code] of Object.entries(aliases)) found.set(name, code)
  return found
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
}
