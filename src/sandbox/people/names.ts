/** Given and family names by country, with accents, particles, compounds and apostrophes. Combined by dice: nobody in particular. */
import { type Dice, pick } from './random.ts'

export type Country = 'FR' | 'DE' | 'ES' | 'IT' | 'BE' | 'NL' | 'PL' | 'GB' | 'GR'
export type Gender = 'f' | 'm'
export type Name = { readonly text: string; readonly slug: string }
type Pool = { readonly f: readonly Name[]; readonly m: readonly Name[]; readonly last: readonly Name[] }

/** Greek letters do not fold to Latin ones: those names bring their own slug after a bar. */
const GREEK_SLUGS = /\|/

const POOLS: Readonly<Record<Country, Pool>> = {
  FR: pool(
    `Camille Élodie Chloé Léa Inès Manon Zoé Anaïs Maëlys Noémie Océane Héloïse Agnès Françoise Geneviève Hélène Joëlle Monique Sylvie Véronique Aïcha
     Fatoumata Nadège Solène Maïwenn Bérénice Clémence Gaëlle Ludivine Margaux Marie-Laure Anne-Sophie Marie-José Jeanne Louise Alice Rose Ambre Mégane Yasmine`,
    `Thomas Léo Hugo Raphaël Loïc Gaël Maël Théo Jérôme Cédric Benoît Stéphane François Frédéric Sébastien Rémi Noël Gaëtan Hervé André Émile
     Jean-Pierre Jean-François Jean-Baptiste Paul-Henri Mamadou Youssef Karim Antoine Guillaume Clément Mathéo Étienne Aurélien Kévin Grégory Régis Anaël Côme Félix`,
    `Martin;Bernard;Petit;Durand;Leroy;Moreau;Simon;Laurent;Lefèvre;Michel;Garcia;David;Bertrand;Roux;Vincent;Fournier;Morel;Girard;André;Mercier;Dupont;Lambert
     Bonnet;François;Legrand;Garnier;Faure;Rousseau;Blanc;Guérin;Müller;Henry;Perrin;Morin;Gauthier;Dumont;Lopez;Fontaine;Chevalier;Robin;Masson;Sanchez;Gérard
     Nguyên;Boyer;Denis;Lemaire;Duval;Joly;Gautier;Roger;Roy;Noël;Meyer;Lucas;Meunier;Jean;Perez;Marchand;Dufour;Blanchard;Barbier;Brun;Dumas;Brunet;Schmitt
     Colas;Fernandez;Hubert;Renard;Arnaud;Rolland;Caron;Aubert;Giraud;Leclercq;Vidal;Bourgeois;Renaud;Lemoine;Picard;Gaillard;Philippe;Lacroix;Dupuis;Olivier
     de La Tour;du Pré;d'Aubigné;Le Gall;Le Goff;L'Hermitte;de Saint-Aubin;Bousquet-Delmas;Lévêque;Guéguen;Kervella;N'Diaye;Traoré;Diallo;Benali;Haddad;Pœtzel
     Saint-Clair;Castelnau;Delaunay-Roche;Mahé;Cœur;Brévan;Châtelain;Bénard;Évrard;Lançon;Péricard;Quémener;Rétif;Tréguier;Vasseur;Wœrth-Klein;Yvernault`,
  ),
  DE: pool(
    'Anna Jörgine Käthe Lena Mia Sophie Hannelore Gisela Ursula Jürgine Frauke Heike Änne Birgit',
    'Jürgen Jörg Günther Björn Lukas Felix Matthias Götz Rüdiger Sören Karl-Heinz Hans-Jürgen Uwe Ralf',
    `Müller;Schröder;Groß;Weiß;Jäger;Böhm;Krüger;von Hagen;zu Rhein;Schäfer;Köhler;König;Schulz;Vogel;Frank;Baumgärtner;Strauß;Kühn;Löffler;Meyer-Landrut
     Hübner;Zimmermann;Roth;Beck`,
  ),
  ES: pool(
    'María Lucía Begoña Ángeles Inés Concepción Rocío Montserrat Núria Ainhoa',
    'José Íñigo Jesús Álvaro Ramón Andrés Adrián Óscar Joaquín Rubén',
    "García;Muñoz;Ibáñez;Peña;Núñez;de la Fuente;del Río;López-Ortega;Gómez;Sánchez;D'Ocón;Yáñez;Castaño;Martínez;Ordóñez;Zúñiga",
  ),
  IT: pool(
    'Giulia Chiara Niccolina Beatrice Francesca Letizia Noemi Desirée Ilaria Giada',
    'Niccolò Matteo Giosuè Andrea Luca Leonardo Nicolò Pierluigi Gianluca Raffaele',
    "Rossi;D'Angelo;Dell'Acqua;De Luca;Di Stefano;Lo Presti;Ferrari;Esposito;Colombo;Ricci;Marino;Greco;Bruno;Gallo;Conti;Dall'Osso;Cantù;Nicolò",
  ),
  BE: pool(
    'Marieke Liesbeth Hélène Greet Anneleen Joëlle Noëlla Fien Élise Griet',
    'Dirk Jef Benoît Koen Wouter Geert Loïc Joost Thibault Stijn',
    "Peeters;Janssens;Maes;Van den Berghe;De Smet;D'Hondt;T'Serstevens;Claes;Goossens;Lambrechts;Van der Elst;Dubois;Wouters;Hermans;De Clercq;Noël",
  ),
  NL: pool(
    'Sanne Femke Noëlle Maaike Roos Daniëlle Anouk Fleur Renée Saskia',
    'Jan Daniël Sjoerd Jeroen Bram Thijs Joris Pieter Maarten Ruben',
    "de Vries;van den Berg;van 't Hoff;Jansen;Bakker;Visser;Smit;Meijer;de Boer;Mulder;Bos;Vos;Peters;Hendriks;van der Linden;Dekker",
  ),
  PL: pool(
    'Małgorzata Agnieszka Katarzyna Zofia Łucja Żaneta Elżbieta Bożena Grażyna Świętosława',
    'Paweł Michał Łukasz Grzegorz Krzysztof Stanisław Tomasz Zbigniew Wojciech Bartłomiej',
    'Wiśniewska;Kowalczyk;Wójcik;Kamińska;Lewandowska;Zieliński;Szymański;Woźniak;Dąbrowski;Kozłowski;Jabłoński;Król;Wróbel;Pawłowski;Zając;Łęcki',
  ),
  GB: pool(
    'Siobhán Olivia Charlotte Zoë Chloë Niamh Beatrix Harriet Imogen Mary-Ann',
    'Seán Oliver Jack Harry Alasdair Rhys Eoin Callum Hamish John-Paul',
    "O'Brien;O'Connor;Smith-Jones;MacDonald;McAllister;Taylor;Brown;Davies;Evans;Thomas;Fitzgerald;Ní Bhriain;Walker;White;St John;Ap Rhys",
  ),
  GR: pool(
    'Μαρία|maria Ελένη|eleni Κατερίνα|katerina Σοφία|sofia Αγγελική|aggeliki Δήμητρα|dimitra',
    'Γιώργος|giorgos Νίκος|nikos Κώστας|kostas Δημήτρης|dimitris Παναγιώτης|panagiotis Θανάσης|thanasis',
    'Παπαδόπουλος|papadopoulos;Νικολάου|nikolaou;Γεωργίου|georgiou;Δημητρίου|dimitriou;Οικονόμου|oikonomou;Παπανικολάου|papanikolaou;Βασιλείου|vasileiou;Χριστοδούλου|christodoulou',
  ),
}

export function givenName(dice: Dice, country: Country, gender: Gender): Name {
  return pick(dice, POOLS[country][gender])
}

/**
 * The family name of one of four colleagues: each `member` draws from a quarter of the pool of its own,
 * so that four people at one company never share an address of the form first.last@.
 */
export function familyName(dice: Dice, country: Country, offset: number, member: number): Name {
  const { last } = POOLS[country]
  const quarter = Math.floor(last.length / 4)
  const index = (offset + member * quarter + Math.floor(dice() * quarter)) % last.length
  const name = last[index]
  if (name === undefined) throw new RangeError(`no family name at ${index} for ${country}`)
  return name
}

/** Lower-case ASCII letters and digits joined by hyphens, as people write a name into an address. */
export function slugOf(text: string): string {
  return text
    .replaceAll(/[łŁ]/g, 'l')
    .replaceAll(/[øØ]/g, 'o')
    .replaceAll('ß', 'ss')
    .replaceAll(/[œŒ]/g, 'oe')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/['’]/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
}

/** The name as a CRM without accents holds it. */
export function withoutAccents(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '')
}

function pool(f: string, m: string, last: string): Pool {
  return { f: names(f, /\s+/), m: names(m, /\s+/), last: names(last, /;|\n\s*/) }
}

function names(text: string, separator: RegExp): readonly Name[] {
  return text.split(separator).map((entry) => {
    const [shown = '', slug] = entry.trim().split(GREEK_SLUGS)
    return { text: shown, slug: slug ?? slugOf(shown) }
  })
}
