/** Texts that fill a field and say nothing: `-`, `n/a`, `[not provided]`, which Salesforce's own forms write where a field is required. */
import { foldWord } from './fold.ts'
import { remember } from './remember.ts'

const said = `na, nd, nc, none, null, nil, undefined, unknown, empty, blank, tbd, tbc, todo, test, dummy, xx, xxx, xxxx, xxxxx, 0, 00, 000,
  not provided, not specified, not set, not available, not applicable, not known, no value, to be defined, to be completed,
  inconnu, inconnue, néant, aucun, aucune, vide, sans objet, à compléter, à renseigner, à définir, à préciser,
  non renseigné, non renseignée, non communiqué, non communiquée, non précisé, non disponible, non défini, non applicable,
  unbekannt, keine angabe, keine, desconocido, sconosciuto, onbekend, particulier, particulière, private individual, privatperson`
// What the post writes on a letter that it could not deliver, and what is entered in place of a street.
const undeliverable = `adresse inconnue, npai, n'habite pas à l'adresse indiquée, n'habite plus à l'adresse indiquée, pas d'adresse, sans domicile,
  address unknown, no address`
// Who has no company or job is asked for one all the same (CPCE art. L34-5 lets nobody but professionals be written to about theirs). In any other field these
// words may mean something: a contract that is `inactif` is one whose state somebody has to name.
const jobless = `sans, particuliers, particulières, perso, personnel, personnelle, usage personnel, usage privé, chez moi, à la maison, domicile,
  à domicile, at home, zuhause, zu hause, privé, privée, moi, moi-même, à titre personnel, private, individual, privat, privato, particular,
  retraité, retraitée, retraités, retraite, en retraite, à la retraite, étudiant, étudiante, étudiants, lycéen, lycéenne, collégien, collégienne,
  écolier, écolière, élève, sans emploi, sans profession, sans activité, inactif, inactive, chômeur, chômeuse, au chômage, demandeur d'emploi,
  demandeuse d'emploi, en recherche d'emploi, en recherche, mère au foyer, père au foyer, femme au foyer, homme au foyer, au foyer,
  retired, student, pupil, unemployed, jobless, job seeker, jobseeker, housewife, househusband, homemaker, stay at home mum, stay at home dad,
  rentner, rentnerin, schüler, schülerin, arbeitslos, hausfrau, hausmann, jubilado, jubilada, estudiante, pensionato, pensionata, studente, studentessa,
  disoccupato, disoccupata, gepensioneerd, werkloos, in rente, casalinga, casalingo, ama de casa, huisvrouw, parent, parents, papa, maman,
  b2c, btoc, consumer, consumers, consumatore, consumidor, client, cliente, client particulier, clients particuliers, particulier privé,
  particulier b2c, private person, private customer, privatkunde, privatkundin, privatkunden, persona fisica, prospect, self, myself,
  monsieur, madame, mademoiselle, mme, mlle, mr, mrs`
/** Accents that stand apart, and dashes, are counted as letters at first: whatever is not ASCII. */
const maxMarks = 4

/** A text without any letter or digit says nothing either. Punctuation, case and accents do not matter: `N/A`, `(n.a.)`. */
export const isPlaceholder: (text: string) => boolean = compile(said.split(','))
/** The same of a company or a job, which people without work have none of: `retraitée`, `perso`. */
export const isNoWork: (text: string) => boolean = compile([...said.split(','), ...jobless.split(',')])
/** The same of an address: `NPAI`. */
export const isNoAddress: (text: string) => boolean = compile([...said.split(','), ...undeliverable.split(',')])

function compile(list: readonly string[]): (text: string) => boolean {
  const words: ReadonlySet<string> = new Set(list.map(squeeze))
  const longest = Math.max(...Array.from(words, (word) => word.length))
  /** By number of letters and first letter: turns most texts away without a new string. */
  const marks = new Uint8Array((longest + 1) << 7)
  /** By the first two letters: turns nearly all of them away before the third. */
  const beginnings = new Uint8Array(1 << 14)
  for (const word of words) {
    marks[(word.length << 7) | word.charCodeAt(0)] = 1
    beginnings[(word.charCodeAt(0) << 7) | word.charCodeAt(1)] = 1
  }
  /** The few texts that come this far are mostly the same ones. */
  const isSuchWord = remember((text) => {
    const word = squeeze(text)
    return word === '' || words.has(word)
  }, 1_000)
  return (text) => {
    if (text.length > 2 * longest) return false
    let letters = 0
    let first = 0
    let spare = 0
    for (let i = 0; i < text.length; i++) {
      const letter = letterOf(text.charCodeAt(i))
      if (letter === 0) continue
      if (letter === 128) spare = maxMarks
      if (letters === 0) first = letter
      else if (letters === 1 && spare === 0 && beginnings[(first << 7) | letter] === 0) return false
      if (++letters > longest + maxMarks) return false
    }
    return letters === 0 || ((first === 128 || mayBe(marks, letters, first, spare)) && isSuchWord(text))
  }
}

/** Lower case; 128 for all that is not ASCII, 0 for what is neither letter nor digit. */
function letterOf(code: number): number {
  if (code >= 128) return 128
  if (code >= 65 && code <= 90) return code + 32
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) ? code : 0
}

/** `spare`: how many of the letters may be none. */
function mayBe(marks: Uint8Array, letters: number, first: number, spare: number): boolean {
  for (let length = letters; length > 0 && length >= letters - spare; length--) if (marks[(length << 7) | first] === 1) return true
  return false
}

function squeeze(text: string): string {
  return foldWord(text).replace(/[^\p{L}\p{N}]+/gu, '')
}
