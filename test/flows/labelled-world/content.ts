/** What stands in the fields: free text (GDPR art. 9, 10, 32), fields nobody declared (art. 5(1)(c)), values that cannot be right (art. 5(1)(d)). */
import { type Case, consumer, person, professional } from './person.ts'

/** Detector, what it must find (French, English), and what looks like it and is none. */
const TEXTS: readonly (readonly [detector: string, action: 'block' | 'read', hits: readonly string[], misses: readonly string[]])[] = [
  [
    'nir',
    'block',
    ['N° sécu 2 55 08 14 168 025 38', 'Son numéro : 155082A19000490'],
    ['N° 2 55 08 14 168 025 12', 'Colis 6A 2550814168025'],
  ],
  [
    'card',
    'block',
    ['CB 4111 1111 1111 1111 exp 12/27', 'Card: 3782-822463-10005'],
    ['SIRET 732 829 320 00074', 'CB 4111 1111 1111 1112', 'IMEI 490154203237518 au SAV', 'SIRET 35600000000048'],
  ],
  [
    'secrets',
    'block',
    ['mdp : Soleil2024', 'password: Sunflower42', 'Code PIN : 4821'],
    ['Lui renvoyer le lien mot de passe oublié', 'Asked how to reset the password'],
  ],
  [
    'special',
    'read',
    [
      'Cliente dépressive, en arrêt maladie depuis mars',
      'Famille de confession juive, éviter le vendredi',
      'Fort accent africain, on le comprend mal',
      'Délégué CGT dans sa boîte',
      'Elle est enceinte, rappeler en juin',
      'He is disabled and uses a wheelchair',
      'Il est homosexuel, vit avec son mari',
    ],
    [
      'Enceinte Bluetooth livrée, client ravi',
      'Relancer Christian pour le devis',
      "Pays d'origine du produit : Italie",
      'Grève SNCF, RDV reporté',
      'FO à raccorder au 3e étage',
      'RDV avc Paul à 14 h',
      'Contrat de conseil signé',
    ],
  ],
  [
    'offences',
    'read',
    ["C'est un escroc, il sort de prison", 'He has a criminal record'],
    ['Plainte SAV ouverte, avoir émis', 'Opération commerciale Black Friday'],
  ],
  ['insults', 'read', ["Elle n'a pas de cerveau", 'He is an idiot'], ['Gros volume à prévoir', 'FAT prévu mardi', 'Pros and cons sent']],
  [
    'iban',
    'read',
    ['IBAN FR14 2004 1010 0505 0001 3M02 606', 'Virement sur DE89 3704 0044 0532 0130 00'],
    ['IBAN FR14 2004 1010 0505 0001 3M02 607', 'Facture FR2025-0001-3002'],
  ],
  [
    'private_life',
    'read',
    // One such word alone is a weak sign; a comment with two of them goes to a person.
    ['En instance de divorce et au chômage', 'Going through a divorce, unemployed'],
    ['En instance de divorce', 'Colis séparé en deux envois', 'PS : rappeler lundi'],
  ],
]

export const content: readonly Case[] = [
  ...TEXTS.flatMap(([detector, action, hits, misses]) => [
    ...hits.map((text, i) =>
      person(`${detector}-${i + 1}`, `"${text}" must not stand in a comment.`, (who) => {
        const told = { findings: [`sensitive.${detector}`], status: action === 'block' ? 'blocked' : 'attention' } as const
        if (i % 3 === 1) return professional.Contact(who, { Description: text }, told)
        return professional.contacts(who, { [i % 2 === 0 ? 'sales_notes' : 'message']: text }, told)
      }),
    ),
    ...misses.map((text, i) =>
      person(`${detector}-look-alike-${i + 1}`, `"${text}" is harmless.`, (who) => {
        if (i % 3 === 1) return professional.Lead(who, { Sales_Notes__c: text })
        return professional.contacts(who, { [i % 2 === 0 ? 'sales_notes' : 'message']: text })
      }),
    ),
  ]),
  person('two-detectors', 'Each detector reports for itself.', (who) =>
    professional.contacts(
      who,
      { message: 'mdp : Soleil2024', sales_notes: 'En instance de divorce et au chômage' },
      { findings: ['sensitive.private_life', 'sensitive.secrets'], status: 'blocked' },
    ),
  ),

  person('children-counted', 'No purpose needs the number of children.', (who) =>
    professional.contacts(who, { children_count: '2' }, { findings: ['minimisation.undeclared_field'] }),
  ),
  person('no-children-counted', 'Zero is a number too: the question was asked.', (who) =>
    professional.contacts(who, { children_count: '0' }, { findings: ['minimisation.undeclared_field'] }),
  ),
  person('children-left-empty', 'An emptied field holds nothing.', (who) => professional.contacts(who, { children_count: '' })),
  person('married', 'A HubSpot default that marketing has no business to fill.', (who) =>
    consumer.contacts(who, { marital_status: 'Married' }, { findings: ['minimisation.undeclared_field'] }),
  ),
  person('lead-magnet', 'A field that one campaign left behind.', (who) =>
    professional.contacts(who, { lead_magnet_code: 'LM-2041' }, { findings: ['minimisation.undeclared_field'] }),
  ),
  person('children-counted-in-salesforce', 'The same in Salesforce.', (who) =>
    professional.Lead(who, { Children_Count__c: '3' }, { findings: ['minimisation.undeclared_field'] }),
  ),
  person('birth-date-declared', 'A date of birth is declared: for the child gate.', (who) =>
    consumer.contacts(who, { date_of_birth: '1984-05-12' }),
  ),
  person('interests-declared', 'So are interests.', (who) => consumer.contacts(who, { interests: 'outillage;formation' })),

  person('address-is-no-address', 'Not an e-mail address, and so no way to tell a professional.', (who) =>
    professional.contacts(who, { email: 'pas-un-mail' }, { findings: ['accuracy.email_unusable'], audience: 'consumer' }),
  ),
  person('address-with-name', 'A name around an address is still an address.', (who) =>
    professional.contacts(who, { email: `"${who.family}, ${who.given}" <${who.slug}@scierie.example>` }),
  ),
  person('no-address-at-all', 'No e-mail address is no error; the post remains.', (who) =>
    professional.contacts(who, { email: null }, { audience: 'consumer' }),
  ),
  person('telephone-is-no-number', 'Cannot be dialled.', (who) =>
    professional.contacts(who, { phone: 'voir standard' }, { findings: ['accuracy.phone_unusable'] }),
  ),
  person('telephone-too-short', 'Nor can this.', (who) =>
    professional.Lead(who, { Phone: '01 99 00' }, { findings: ['accuracy.phone_unusable'] }),
  ),
  person('telephone-in-disorder', 'This can.', (who) => professional.contacts(who, { phone: '+33 (0)1.99.00-12 34' })),
  person('birth-date-is-no-date', 'A date of birth nobody can read: presumed of age.', (who) =>
    consumer.contacts(who, { date_of_birth: 'printemps 1984' }, { findings: ['accuracy.date_implausible'] }),
  ),
  person('born-in-1850', 'A date nobody believes.', (who) =>
    consumer.Contact(who, { Birthdate: '1850-05-12' }, { findings: ['accuracy.date_implausible'] }),
  ),
  person('born-in-1926', 'A hundred years old is possible.', (who) => consumer.contacts(who, { date_of_birth: '1926-05-12' })),
  person('contract-ends-next-year', 'The end of a running contract lies in the future, where it belongs.', (who) =>
    professional.contacts(
      who,
      { customer_since: '2022-03-01', contract_status: 'active', contract_end_date: '2027-03-01' },
      { retention: ['former_customer', '2030-03-01'] },
    ),
  ),
]
