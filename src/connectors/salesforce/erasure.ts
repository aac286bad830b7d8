/** How a person is erased in Salesforce: deleted, and emptied out of the recycle bin; what a delete leaves behind or stumbles over is handled before. */
import type { Erasure } from '../erasure.ts'
import { arrivals } from './erasure-arrival.ts'
import { anonymise, areAnonymous } from './erasure-anonymise.ts'
import { erase, verify } from './erasure-delete.ts'
import { bindings } from './erasure-binding.ts'
import { find } from './erasure-find.ts'
import { prepare } from './erasure-prepare.ts'
import { redact } from './erasure-redact.ts'
import { residue, residueCalls } from './erasure-residue.ts'
import { silence } from './erasure-silence.ts'
import { survey } from './erasure-survey.ts'
import type { Org } from './org.ts'

/** An erasure asks one thing after the other. unverified: 200 ms to an answer. */
const oneByOne = 300

export function erasureOf(org: Org): Erasure {
  return {
    means: 'bin',
    callsPerMinute: Math.min(Math.floor(org.settings.requestsPerSecond * org.settings.share * 60), oneByOne),
    find: (sought, signal) => find(org, sought, signal),
    survey: (refs, signal) => survey(org, refs, signal),
    bindings: (refs, asked, signal) => bindings(org, refs, asked, signal),
    silence: (refs, signal) => silence(org, refs, signal),
    prepare: (refs, traits, signal) => prepare(org, refs, traits, signal),
    erase: (refs, signal) => erase(org, refs, signal),
    verify: (refs, signal) => verify(org, refs, signal),
    arrivals: (refs, signal) => arrivals(org, refs, signal),
    residue: (traits, signal) => residue(org, traits, signal),
    anonymity: {
      make: (refs, traits, signal) => anonymise(org, refs, traits, signal),
      verify: (refs, traits, signal) => areAnonymous(org, refs, traits, signal),
    },
    residueCalls,
    redact: (places, traits, reading, signal) => redact(org, places, traits, reading, signal),
  }
}
