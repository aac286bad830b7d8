import { describe, expect, it } from 'vitest'
import { readRecipients } from '../../../src/config/load.ts'
import { identifiersFor, nextTry } from '../../../src/core/request/recipients.ts'

const head = `version: 1
recipients:
  - id: erp
    name: "Example ERP"
    purpose: {fr: "Facturation", en: "Invoicing"}
    country: FR
`
const secret = Buffer.alloc(32, 1).toString('base64')
const read = (lines: string, env: Record<string, string> = { S: secret }) => {
  try {
    return readRecipients(head + lines, 'recipients.yaml', env)
  } catch (error) {
    return (error as Error).message
  }
}

describe('recipients', () => {
  it('are read with the address and the secret of the environment', () => {
    const recipients = read('    webhook: {url: "https://erp.example.com/privacy", secret: "${S}"}\n')
    expect(recipients).toMatchObject([
      {
        id: 'erp',
        name: 'Example ERP',
        purpose: { fr: 'Facturation', en: 'Invoicing' },
        country: 'FR',
        tell: ['erasure', 'rectification', 'restriction'],
        by: ['email'],
        webhook: { loopback: false },
      },
    ])
  })

  it.each([
    ['    webhook: {url: "http://erp.example.com/", secret: "${S}"}\n', /recipients\.yaml:7.*only https/s],
    ['    webhook: {url: "https://u:p@erp.example.com/", secret: "${S}"}\n', /recipients\.yaml:7.*no user/s],
    ['    webhook: {url: "https://erp.example.com/", secret: "short"}\n', /recipients\.yaml:7.*24 random bytes/s],
    ['    webhook: {url: "https://erp.example.com/", secret: "${MISSING}"}\n', /MISSING/],
    ['    email: {to: "not an address"}\n', /recipients\.yaml:7/],
    ['', /nothing says how this recipient is told/],
    ['    email: {to: "dpo@erp.example.com"}\n    none: {because: impossible, note: "gone"}\n', /one way to be told/],
    ['    webhok: {url: "https://erp.example.com/", secret: "${S}"}\n', /did you mean "webhook"/],
  ])('a mistake is told with its file and line: %j', (lines, message) => {
    expect(read(lines)).toMatch(message)
  })

  it('are sent what they know the person by, and no more', () => {
    const person = { emails: ['ada@example.test'], phones: ['+33612345678'] }
    expect(identifiersFor({ by: ['phone'] }, person)).toEqual({ emails: [], phones: ['+33612345678'] })
    expect(identifiersFor({ by: ['phone'] }, { ...person, phones: [] })).toBeNull()
  })

  it('are tried for five days, ever more rarely', () => {
    const tries: number[] = []
    for (let at: number | null = 0, attempts = 1; at !== null; attempts++) {
      tries.push(at)
      at = nextTry(attempts, 0, at)
    }
    const hours = tries.map((at) => at / 3_600_000)
    expect([tries.slice(0, 4), tries.length]).toEqual([[0, 60_000, 180_000, 420_000], 19])
    expect(hours.at(-1)).toBeLessThanOrEqual(120)
    expect(hours.at(-1)).toBeGreaterThan(108)
  })
})
