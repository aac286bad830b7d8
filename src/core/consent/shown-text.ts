/** Whether a field that is to hold the text a person agreed to, or its version, can hold one (GDPR art. 7(1)). */
import { foldWord } from '../text/fold.ts'
import { isPlaceholder } from '../text/placeholder.ts'
import { remember } from '../text/remember.ts'

/** An answer, a tick, a single letter, the name of the law: the act once more, in any number of such words, not what was shown. */
const acts =
  /^(?:.|(?:(?:oui|yes|ja|si|sim|tak|true|vrai|wahr|on|ok|okay|opt(?:ed)?|in|case|cochee?|checked|ticked|acceptee?|accepted|accord|agreed|consent|consente|consentement|donnee?|given|granted|valide|valid|subscribed|abonnee?|inscrite?|rgpd|gdpr|dsgvo|cnil|oral|verbal|par|tel|telephone|phone)(?:[^\p{L}\p{N}]+|$))+)$/u
/** Where the record came from: an import proves that somebody had a file. */
const imports =
  /^(?:import(?:s|e|ed|es)?|reprise|migration|migre|migrated|historique|legacy|base|export|fichier|file|csv|xlsx?|excel|crm|hubspot|salesforce|mailchimp|sendinblue|brevo)(?![\p{L}])/u

/** Longer than any of the words above, and than a few of them together. */
const beginning = 40

export const isShownText: (text: string) => boolean = remember((text) => {
  if (isPlaceholder(text)) return false
  const folded = foldWord(text.slice(0, beginning))
  return !(text.length <= beginning && acts.test(folded)) && !imports.test(folded)
}, 1_000)
