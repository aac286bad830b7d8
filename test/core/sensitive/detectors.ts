/** The detectors of the shipped policy, as the scanner takes them. */
import type { Detector } from '../../../src/core/sensitive/scanner.ts'

export const detectors: readonly Detector[] = [
  { id: 'nir', how: 'nirKey', severity: 'critical', action: 'block' },
  { id: 'card', how: 'cardNumber', severity: 'critical', action: 'block' },
  { id: 'secrets', how: 'lexicon', severity: 'critical', action: 'block' },
  { id: 'special', how: 'lexicon', severity: 'critical', action: 'review' },
  { id: 'offences', how: 'lexicon', severity: 'critical', action: 'review' },
  { id: 'insults', how: 'lexicon', severity: 'high', action: 'review' },
  { id: 'iban', how: 'iban', severity: 'high', action: 'warn' },
  { id: 'private_life', how: 'lexicon', severity: 'medium', action: 'review' },
]
