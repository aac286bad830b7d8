import { describe, expect, it } from 'vitest'
import { professional, world } from './judge-world.ts'

describe('a professional', () => {
  it('writes from the domain of an employer, not from that of a provider at which anybody has a mailbox', () => {
    const { verdict } = world()
    const domains = 'tele2.fr dartybox.com gmail.fr orange.be only.fr izi.re lagoon.nc mediaserv.net wanadoo.fr GMAIL.COM'.split(' ')
    expect(domains.filter((domain) => verdict({ ...professional, email: `camille.martin@${domain}` }).audience !== 'consumer')).toEqual([])
    expect(verdict({ ...professional, email: 'camille.martin@orange.example.fr' }).audience).toBe('professional')
  })
})
