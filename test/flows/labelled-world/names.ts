/** Two names on one mailbox: whether they are one person's. */
import { type Case, consumer, NO_NEWSLETTER_SF, person } from './person.ts'

const LIBRARY = 'bibliotheque@ville.example'
/** Accents, capitals and particles as another system writes them. */
const DRESSED = { FirstName: 'ANNE', LastName: 'LA TOUR' }

export const names: readonly Case[] = [
  person('library-her', 'A mailbox that several people use, and no list of functions has it: she subscribed.', (who) =>
    consumer.contacts({ ...who, given: 'Marie', family: 'Durand' }, { email: LIBRARY }),
  ),
  person('library-namesake', 'Another Marie, of another family: the yes of the first is not hers (GDPR art. 4(11)).', (who) =>
    consumer.Contact({ ...who, given: 'Marie', family: 'Bernard' }, { Email: LIBRARY, ...NO_NEWSLETTER_SF }, { consent: [] }),
  ),
  person('hall-him', 'Family names alone, as Salesforce demands them: he subscribed.', (who) =>
    consumer.Contact(who, { FirstName: null, LastName: 'Dupont', Email: 'mairie@ville.example' }),
  ),
  person('hall-colleague', 'A colleague who did not.', (who) =>
    consumer.Lead(who, { FirstName: null, LastName: 'Martin', Email: 'mairie@ville.example', ...NO_NEWSLETTER_SF }, { consent: [] }),
  ),
  person('new-family-name', 'She has married, and kept her address, which names her in full.', (who) => [
    consumer.contacts({ ...who, given: 'Lise', family: 'Vallon' }, { email: 'lise.vallon@courriel.example' }),
    consumer.Contact({ ...who, given: 'Lise', family: 'Rey' }, { Email: 'lise.vallon@courriel.example', ...NO_NEWSLETTER_SF }),
  ]),
  person('written-otherwise', 'One name in two spellings, on an address that says nothing.', (who) => [
    consumer.contacts({ ...who, given: 'Anne', family: 'de La Tour' }, { email: 'anneau77@courriel.example' }),
    consumer.Contact(who, { ...DRESSED, Email: 'anneau77@courriel.example', ...NO_NEWSLETTER_SF }),
  ]),
]
