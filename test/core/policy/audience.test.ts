import { describe, expect, it } from 'vitest'
import { professional, world } from '../judge-world.ts'

describe('a professional', () => {
  it('writes from the domain of an employer, not from that of a provider at which anybody has a mailbox', () => {
    const { verdict } = world()
    const domains =
      'tele2.fr dartybox.com gmail.fr orange.be only.fr izi.re lagoon.nc hotmail.se yahoo.com.ar relay.firefox.com murena.io mediaserv.net wanadoo.fr GMAIL.COM orange.es wanadoo.es swissonline.ch netcabo.pt'.split(
        ' ',
      )
    expect(domains.filter((domain) => verdict({ ...professional, email: `camille.martin@${domain}` }).audience !== 'consumer')).toEqual([])
    expect(verdict({ ...professional, email: 'camille.martin@orange.example.fr' }).audience).toBe('professional')
  })
  it('works for a company: one that is called as the person themselves is none, unless it has a SIREN', () => {
    const { verdict } = world()
    const audienceAt = (company: string, more: Record<string, string | null> = {}): string =>
      verdict({ ...professional, company, ...more }).audience
    expect(['Camille Martin', 'MARTIN Camille', 'Martin', 'martin, camille'].map((company) => audienceAt(company))).toEqual(
      Array<string>(4).fill('consumer'),
    )
    expect(['Martin SARL', 'Cabinet Camille Martin', 'Camille'].map((company) => audienceAt(company))).toEqual(
      Array<string>(3).fill('professional'),
    )
    expect(audienceAt('Camille Martin', { siren: '732 829 320' })).toBe('professional')
    expect(['n/a', '-', 'en cours'].map((siren) => audienceAt('Camille Martin', { siren }))).toEqual(Array<string>(3).fill('consumer'))
    expect(audienceAt('Acier', { lastname: null })).toBe('professional')
  })
  it('does not work for their household, as which CRMs of people file them', () => {
    const { verdict } = world()
    const audienceAt = (company: string): string => verdict({ ...professional, company }).audience
    const households = [
      'Mme Martin',
      'M. et Mme Martin',
      'Famille Martin',
      'Martin Household',
      'Camille Martin (particulier)',
      'Familie Martin',
    ]
    expect(households.filter((company) => audienceAt(company) !== 'consumer')).toEqual([])
    const companies = ['Madame Cuisine', 'Famille Durand SARL', 'Martin Family Office', 'Household Goods', 'Monsieur Martin Traiteur']
    expect(companies.filter((company) => audienceAt(company) !== 'professional')).toEqual([])
  })
})
