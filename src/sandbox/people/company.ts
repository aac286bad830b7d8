/** Invented companies under reserved domains (RFC 2606, RFC 6761), and the streets and cities people give. */
import { type Country, slugOf } from './names.ts'
import { type Dice, mix, pick } from './random.ts'

export type Company = { readonly name: string; readonly domain: string; readonly industry: string }
export type Place = { readonly street: string; readonly city: string; readonly postalCode: string; readonly country: string }

const TRADES =
  `Atelier Menuiserie Fonderie Imprimerie Scierie Brasserie Librairie Papeterie Verrerie Tannerie Conserverie Minoterie Filature Cordonnerie Serrurerie
  Pépinière Laiterie Tuilerie Faïencerie Horlogerie Mécanique Signalétique Logistique Électronique Robotique Optique Acoustique Thermique Hydraulique Cosmétique`
    .trim()
    .split(/\s+/)
const PLACES =
  `des Tilleuls;du Val Doré;de la Corniche;des Trois Chênes;du Vieux Pont;de l'Estuaire;des Hautes Roches;du Grand Large;de la Combe;des Ormeaux;du Clair Bois
  de l'Aubépine;des Sept Îles;du Moulin Neuf;de la Garenne;des Lavandières;du Pré Salé;de l'Hermine;des Glycines;du Cap Brun;de la Source;des Remparts;du Belvédère
  de l'Étoile;des Marronniers;du Canal;de la Rive;des Falaises;du Ruisseau;de l'Orée`
    .trim()
    .split(/;|\n\s*/)
const FORMS: Readonly<Record<Country, readonly string[]>> = {
  FR: ['SAS', 'SARL', 'SA', '& Fils', 'SCOP', ''],
  DE: ['GmbH', 'AG', 'KG'],
  ES: ['S.L.', 'S.A.'],
  IT: ['S.r.l.', 'S.p.A.'],
  BE: ['SRL', 'BV'],
  NL: ['B.V.', 'N.V.'],
  PL: ['sp. z o.o.', 'S.A.'],
  GB: ['Ltd', 'plc', 'LLP'],
  GR: ['A.E.', 'E.Π.Ε.'],
}
const INDUSTRIES = [
  'Manufacturing',
  'Construction',
  'Consulting',
  'Electronics',
  'Energy',
  'Retail',
  'Technology',
  'Transportation',
  'Education',
  'Other',
]
const SUFFIXES = ['example', 'example', 'example.fr', 'example.com', 'example.org', 'test']

const CITIES: Readonly<Record<Country, readonly (readonly [city: string, postalCode: string])[]>> = {
  FR: [
    ['Paris', '75011'],
    ['Lyon', '69003'],
    ['Marseille', '13006'],
    ['Nantes', '44000'],
    ['Saint-Étienne', '42000'],
    ['Besançon', '25000'],
    ['Orléans', '45000'],
    ['Rennes', '35000'],
    ['Béziers', '34500'],
    ["Villeneuve-d'Ascq", '59650'],
    ["L'Haÿ-les-Roses", '94240'],
    ['Bourg-en-Bresse', '01000'],
  ],
  DE: [
    ['Köln', '50667'],
    ['München', '80331'],
    ['Düsseldorf', '40213'],
  ],
  ES: [
    ['Málaga', '29001'],
    ['A Coruña', '15001'],
  ],
  IT: [
    ["L'Aquila", '67100'],
    ['Torino', '10121'],
  ],
  BE: [
    ['Liège', '4000'],
    ['Gent', '9000'],
  ],
  NL: [
    ["'s-Hertogenbosch", '5211 AA'],
    ['Utrecht', '3511 AA'],
  ],
  PL: [
    ['Łódź', '90-001'],
    ['Gdańsk', '80-001'],
  ],
  GB: [
    ['Stratford-upon-Avon', 'CV37 6AA'],
    ['Leeds', 'LS1 1AA'],
  ],
  GR: [['Αθήνα', '105 57']],
}
const STREETS: Readonly<Record<Country, readonly string[]>> = {
  FR: [
    'rue des Lilas',
    "rue de l'Église",
    'avenue de la République',
    'place du Marché',
    'chemin des Écoliers',
    'impasse Sainte-Anne',
    'boulevard du Général',
  ],
  DE: ['Lindenstraße', 'Am Mühlbach'],
  ES: ['calle del Olmo', 'avenida de la Constitución'],
  IT: ['via Garibaldi', "piazza dell'Unità"],
  BE: ['rue de la Loi', 'Kerkstraat'],
  NL: ['Dorpsstraat', "'t Zand"],
  PL: ['ul. Świętojańska', 'ul. Długa'],
  GB: ['High Street', "St Mary's Road"],
  GR: ['Οδός Ερμού'],
}
export const COUNTRY_NAMES: Readonly<Record<Country, string>> = {
  FR: 'France',
  DE: 'Germany',
  ES: 'Spain',
  IT: 'Italy',
  BE: 'Belgium',
  NL: 'Netherlands',
  PL: 'Poland',
  GB: 'United Kingdom',
  GR: 'Greece',
}
const COUNTRY_MESS: Readonly<Record<Country, readonly string[]>> = {
  FR: ['FRANCE', 'FR', 'france', 'Fr'],
  DE: ['Deutschland', 'DE', 'Allemagne'],
  ES: ['España', 'ES', 'Espagne'],
  IT: ['Italia', 'IT', 'Italie'],
  BE: ['Belgique', 'België', 'BE'],
  NL: ['Nederland', 'NL', 'Pays-Bas'],
  PL: ['Polska', 'PL', 'Pologne'],
  GB: ['UK', 'GB', 'Royaume-Uni', 'Great Britain'],
  GR: ['Ελλάδα', 'GR', 'Grèce'],
}

/** By combination of trade and place; filled as they come up. */
const SLUGS: string[] = []

/** Company `number`: its name and its domain are unlike those of any other number. */
export function companyAt(seed: number, number: number, country: Country): Company {
  const combinations = TRADES.length * PLACES.length
  const series = Math.floor(number / combinations)
  // 37 shares no factor with the number of combinations, so that a series visits each of them once.
  const combination = ((number % combinations) * 37) % combinations
  const trade = TRADES[combination % TRADES.length] ?? ''
  const place = PLACES[Math.floor(combination / TRADES.length)] ?? ''
  const luck = mix(seed ^ mix(number)) >>> 0
  const forms = FORMS[country]
  const form = forms[luck % forms.length] ?? ''
  const suffix = SUFFIXES[(luck >>> 8) % SUFFIXES.length] ?? 'example'
  const title = series === 0 ? `${trade} ${place}` : `${trade} ${place} ${series + 1}`
  const stem = (SLUGS[combination] ??= slugOf(`${trade} ${place}`))
  const slug = series === 0 ? stem : `${stem}-${series + 1}`
  return {
    name: `${title} ${form}`.trim(),
    domain: `${slug}.${suffix}`,
    industry: INDUSTRIES[(luck >>> 16) % INDUSTRIES.length] ?? 'Other',
  }
}

export function placeIn(dice: Dice, country: Country, number: number): Place {
  const [city, postalCode] = pick(dice, CITIES[country])
  return { street: `${number} ${pick(dice, STREETS[country])}`, city, postalCode, country: COUNTRY_NAMES[country] }
}

/** The same country as imports and forms spell it. */
export function messyCountry(dice: Dice, country: Country): string {
  return pick(dice, COUNTRY_MESS[country])
}
