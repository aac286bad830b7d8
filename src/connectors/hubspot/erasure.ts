/** How a person is erased in HubSpot: privacy deletion by id, never by e-mail, which would block an address that nobody has (docs: gdpr-delete). */
import type { Erasure } from '../erasure.ts'
import type { HubspotClient } from './client.ts'
import { arrivals } from './erasure-arrival.ts'
import { bindings } from './erasure-binding.ts'
import { erase, verify } from './erasure-delete.ts'
import { find } from './erasure-find.ts'
import { prepare } from './erasure-prepare.ts'
import { redact } from './erasure-redact.ts'
import { residue, residueCalls } from './erasure-residue.ts'
import { silence } from './erasure-silence.ts'
import { survey } from './erasure-survey.ts'

export function erasureOf(client: HubspotClient): Erasure {
  return {
    // Every property keeps its versions, which nobody can take away (docs: property history): an emptied contact is still the person's.
    means: 'purge',
    callsPerMinute: Math.floor(client.settings.requestsPer10s * client.settings.share) * 6,
    find: (sought, signal) => find(client, sought, signal),
    survey: (refs, signal) => survey(client, refs, signal),
    bindings: (refs, asked, signal) => bindings(client, refs, asked, signal),
    silence: (refs, signal) => silence(client, refs, signal),
    prepare: (refs, traits, signal) => prepare(client, refs, traits, signal),
    erase: (refs, signal) => erase(client, refs, signal),
    verify: (refs, signal) => verify(client, refs, signal),
    arrivals: (refs, signal) => arrivals(client, refs, signal),
    residue: (traits, signal) => residue(client, traits, signal),
    residueCalls,
    redact: (places, traits, reading, signal) => redact(client, places, traits, reading, signal),
  }
}
